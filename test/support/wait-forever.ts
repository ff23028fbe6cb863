/** @file A process that only lives. */
setInterval(() => undefined, 60_000);

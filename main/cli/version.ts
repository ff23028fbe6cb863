/** @file The version of the program. */
import manifest from '#package' with { type: 'json' };

export const VERSION = manifest.version;

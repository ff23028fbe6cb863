/** @file The browser host for tests: what one leaves running is ended with its file. */
import { afterAll } from 'vitest';
import { killHosts, spawnHost } from './spawn-host.ts';

export { ROOT, type StartedHost } from './spawn-host.ts';

afterAll(killHosts);

export const startHost = spawnHost;

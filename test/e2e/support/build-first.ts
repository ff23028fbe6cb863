/** @file Tests of the whole program run what is built, so it is built if a source is newer. */
import { fileURLToPath } from 'node:url';
import { buildIfStale } from '#start/build.ts';

export function setup(): void {
  buildIfStale(fileURLToPath(new URL('../../..', import.meta.url)), () => undefined);
}

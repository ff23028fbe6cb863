/** @file Preloaded into a process (`--import`): there, `electron` is the fake one. */
import { registerHooks } from 'node:module';

const FAKE = new URL('../../support/fake-electron.ts', import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) => (specifier === 'electron' ? { url: FAKE, shortCircuit: true } : next(specifier, context)),
});

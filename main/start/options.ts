/** @file The words after `npm start --`. */
import { parseArgs } from 'node:util';
import { SettingsError } from '#contract/errors.ts';

export interface StartOptions {
  /** A browser, even where there is Electron. */
  readonly browser: boolean;
  readonly dataDir: string | undefined;
  /** Of the browser host, which checks it. */
  readonly port: string | undefined;
}

/** @throws {SettingsError} for a word it does not know */
export function parseStartOptions(argv: readonly string[]): StartOptions {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: { browser: { type: 'boolean', default: false }, 'data-dir': { type: 'string' }, port: { type: 'string' } },
    });
    return { browser: values.browser, dataDir: values['data-dir'], port: values.port };
  } catch (error) {
    const [what] = (error as Error).message.split('. ');
    throw new SettingsError(`${what}. npm start -- takes --browser, --data-dir DIR and --port N.`, { field: 'arguments' });
  }
}

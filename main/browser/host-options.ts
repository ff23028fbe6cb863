/** @file The words after the browser host's name. */
import { parseArgs } from 'node:util';
import { SettingsError } from '#contract/errors.ts';

export interface HostOptions {
  readonly dataDir: string | undefined;
  /** 0: one that is free. */
  readonly port: number;
  /** Show the window in the person's browser at once. */
  readonly open: boolean;
}

const MAX_PORT = 65_535;

/** @throws {SettingsError} for a word it does not know, or no port */
export function parseHostOptions(argv: readonly string[]): HostOptions {
  const { 'data-dir': dataDir, port, open = false } = parse(argv);
  return { dataDir, port: port === undefined ? 0 : parsePort(port), open };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: { 'data-dir': { type: 'string' }, port: { type: 'string' }, open: { type: 'boolean' } } })
      .values;
  } catch (error) {
    const { message } = error as Error;
    throw new SettingsError(`${message.split('. ')[0]}. There are --data-dir DIR, --port N and --open.`, { field: 'arguments' });
  }
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= MAX_PORT) return port;
  throw new SettingsError(`--port takes a whole number from 0 (any that is free) to ${MAX_PORT}; got ${JSON.stringify(text)}.`, {
    field: 'port',
  });
}

/** @file The log: one file in the data folder, the same lines whichever host writes them. */
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { format } from 'node:util';
import log from 'electron-log/node';
import type { Logger } from '#ipc/services.ts';

/** Enough for months of ordinary use, small enough for a mail. */
const MAX_BYTES = 2 * 2 ** 20;
/** prospect.old.1.log is the newest of the old ones. */
const KEPT_OLD_FILES = 3;

export interface LogOptions {
  /** Absolute. */
  readonly file: string;
  /** Also on standard error, for whoever started it in a terminal. */
  readonly onTerminal: boolean;
}

/** Synchronous, so that the last line before a crash is there; the file is begun anew at 2 MiB, and three old ones are kept. */
export function openLog({ file, onTerminal }: LogOptions): Logger {
  mkdirSync(dirname(file), { recursive: true });
  const logger = log.create({ logId: file });
  logger.transports.console.level = false;
  logger.transports.file.level = 'info';
  logger.transports.file.maxSize = MAX_BYTES;
  logger.transports.file.format = '{iso} [{level}] {text}';
  logger.transports.file.resolvePathFn = () => file;
  logger.transports.file.archiveLogFn = () => rotate(file);
  const write = (level: 'info' | 'warn' | 'error', text: string): void => {
    logger[level](text);
    if (onTerminal && level !== 'info') process.stderr.write(`${text}\n`);
  };
  return {
    info: (message) => write('info', message),
    warn: (message) => write('warn', message),
    error: (message, cause) => write('error', cause === undefined ? message : `${message}\n${format('%o', cause)}`),
  };
}

function rotate(file: string): void {
  const old = (number: number): string => `${file.replace(/\.log$/, '')}.old.${number}.log`;
  rmSync(old(KEPT_OLD_FILES), { force: true });
  for (let number = KEPT_OLD_FILES - 1; number >= 1; number--) move(old(number), old(number + 1));
  move(file, old(1));
}

function move(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch {
    // It is not there yet, or (on Windows) someone reads it: the log goes on in the same file.
  }
}

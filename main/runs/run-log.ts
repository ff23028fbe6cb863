/** @file log.jsonl in a run's folder: what a person may want to read about it later, a line each. */
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LogLine } from '#contract/run-progress.ts';

const FILE = 'log.jsonl';
/** What the window shows; a run has a few dozen lines, so this is for one that was resumed very often. */
const MOST_LINES = 2000;

/** That it can't be written is no reason to end a run: the line is in the window and in the program's log, too. @returns whether it was */
export function appendLog(runFolder: string, line: LogLine): boolean {
  try {
    appendFileSync(join(runFolder, FILE), `${JSON.stringify(line)}\n`);
    return true;
  } catch {
    return false;
  }
}

/** Oldest first; lines that a power cut left half-written are left out. */
export function readLog(runFolder: string): LogLine[] {
  return textOf(join(runFolder, FILE))
    .split('\n')
    .flatMap((line) => lineOf(line) ?? [])
    .slice(-MOST_LINES);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // nothing was logged, or the folder was deleted
  }
}

function lineOf(text: string): LogLine | null {
  try {
    return LogLine.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

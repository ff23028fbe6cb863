/** @file metrics.jsonl: one object per log entry or evaluation, TRL's keys, appended as they come. */
import { open, readFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { asStorageError } from '#io/as-storage-error.ts';
import { writeFileAtomically } from '#io/atomic-write.ts';

const FILE = 'metrics.jsonl';
const Entry = z.object({ step: z.number() });

export class MetricsFile {
  readonly #handle: FileHandle;
  readonly #path: string;

  private constructor(handle: FileHandle, path: string) {
    this.#handle = handle;
    this.#path = path;
  }

  /**
   * Entries after `stepsDone` belong to steps that will be made again and are dropped, as is a line that a killed process left half-written.
   * @param stepsDone - steps of the checkpoint that the run continues from; 0 for a new run
   */
  static async open(runDir: string, stepsDone: number): Promise<MetricsFile> {
    const path = join(runDir, FILE);
    try {
      await writeFileAtomically(path, stepsDone === 0 ? '' : await keptLines(path, stepsDone));
      return new MetricsFile(await open(path, 'a'), path);
    } catch (error) {
      throw asStorageError(error, 'write', path);
    }
  }

  async append(entry: Readonly<Record<string, number>>): Promise<void> {
    try {
      await this.#handle.appendFile(`${JSON.stringify(entry)}\n`);
    } catch (error) {
      throw asStorageError(error, 'write', this.#path);
    }
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

async function keptLines(path: string, stepsDone: number): Promise<string> {
  const lines = (await readFile(path, 'utf8').catch(() => '')).split('\n');
  return lines
    .filter((line) => stepOf(line) <= stepsDone)
    .map((line) => `${line}\n`)
    .join('');
}

function stepOf(line: string): number {
  try {
    return Entry.parse(JSON.parse(line)).step;
  } catch {
    return Infinity;
  }
}

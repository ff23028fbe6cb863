/** @file What a run writes down step by step (metrics.jsonl, samples.jsonl): one JSON object a line with its `step`, appended as it comes. */
import { open, readFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { asStorageError, systemErrorCode } from '#io/as-storage-error.ts';
import { writeFileAtomically } from '#io/atomic-write.ts';
import type { ChunkWriter } from '#io/atomic-write.ts';

const Entry = z.looseObject({ step: z.number() });
type Entry = Readonly<z.infer<typeof Entry>>;

interface StepLogOptions {
  /** Replaces the write itself, so that a full disk can be rehearsed. */
  readonly writeChunk?: ChunkWriter;
}

const appendAll: ChunkWriter = (handle, bytes) => handle.appendFile(bytes);

export class StepLog {
  readonly #handle: FileHandle;
  readonly #path: string;
  readonly #write: ChunkWriter;
  /** Entries of the step that the run continues from: a run may have been stopped before all of it was written down. */
  readonly lastEntries: readonly Entry[];

  private constructor(handle: FileHandle, path: string, { lastEntries, write }: { lastEntries: readonly Entry[]; write: ChunkWriter }) {
    this.#handle = handle;
    this.#path = path;
    this.#write = write;
    this.lastEntries = lastEntries;
  }

  /**
   * Entries after `stepsDone` belong to steps that will be made again and are dropped, as is a line that a killed process left half-written.
   * @param name - of the file in the run's folder
   * @param stepsDone - steps of the checkpoint that the run continues from; 0 for a new run
   * @throws {StorageError}
   */
  static async open(runDir: string, name: string, stepsDone: number, options: StepLogOptions = {}): Promise<StepLog> {
    const path = join(runDir, name);
    const kept = stepsDone === 0 ? [] : await keptLines(path, stepsDone);
    await writeFileAtomically(path, kept.map(({ line }) => `${line}\n`).join(''), options);
    const lastEntries = kept.map(({ entry }) => entry).filter(({ step }) => step === stepsDone);
    try {
      return new StepLog(await open(path, 'a'), path, { lastEntries, write: options.writeChunk ?? appendAll });
    } catch (error) {
      throw asStorageError(error, 'write', path);
    }
  }

  /** Several entries go out in one write. @throws {StorageError} */
  async append(...entries: readonly Readonly<Record<string, unknown>>[]): Promise<void> {
    try {
      await this.#write(this.#handle, new TextEncoder().encode(entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')));
    } catch (error) {
      throw asStorageError(error, 'write', this.#path);
    }
  }

  /** Before a checkpoint is saved: none may know of a step that the log lost in a power cut. @throws {StorageError} */
  async sync(): Promise<void> {
    try {
      await this.#handle.datasync();
    } catch (error) {
      throw asStorageError(error, 'write', this.#path);
    }
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

/** metrics.jsonl: one object per log entry or evaluation, TRL's keys. */
export const METRICS_FILE = 'metrics.jsonl';

/** Whether the step that the run continues from has been evaluated. */
export function wasEvaluated({ lastEntries }: StepLog): boolean {
  return lastEntries.some(({ eval_loss: evalLoss }) => evalLoss !== undefined);
}

interface KeptLine {
  readonly line: string;
  readonly entry: Entry;
}

async function keptLines(path: string, stepsDone: number): Promise<KeptLine[]> {
  const lines = (await readIfThere(path)).split('\n').map(parseLine);
  return lines.filter((line) => line !== null).filter(({ entry }) => entry.step <= stepsDone);
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return '';
    throw asStorageError(error, 'read', path);
  }
}

function parseLine(line: string): KeptLine | null {
  try {
    return { line, entry: Entry.parse(JSON.parse(line)) };
  } catch {
    return null;
  }
}

/** @file metrics.jsonl: one object per log entry or evaluation, TRL's keys, appended as they come. */
import { open, readFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { asStorageError, systemErrorCode } from '#io/as-storage-error.ts';
import { writeFileAtomically } from '#io/atomic-write.ts';
import type { ChunkWriter } from '#io/atomic-write.ts';

const FILE = 'metrics.jsonl';
const Entry = z.object({ step: z.number(), eval_loss: z.number().nullish() });

interface MetricsOptions {
  /** Replaces the write itself, so that a full disk can be rehearsed. */
  readonly writeChunk?: ChunkWriter;
}

const appendAll: ChunkWriter = (handle, bytes) => handle.appendFile(bytes);

export class MetricsFile {
  readonly #handle: FileHandle;
  readonly #path: string;
  readonly #write: ChunkWriter;
  /** Whether the last step that was kept has been evaluated; a run may have been stopped while that was done. */
  readonly lastStepEvaluated: boolean;

  private constructor(handle: FileHandle, path: string, { lastStepEvaluated, write }: { lastStepEvaluated: boolean; write: ChunkWriter }) {
    this.#handle = handle;
    this.#path = path;
    this.#write = write;
    this.lastStepEvaluated = lastStepEvaluated;
  }

  /**
   * Entries after `stepsDone` belong to steps that will be made again and are dropped, as is a line that a killed process left half-written.
   * @param stepsDone - steps of the checkpoint that the run continues from; 0 for a new run
   * @throws {StorageError}
   */
  static async open(runDir: string, stepsDone: number, options: MetricsOptions = {}): Promise<MetricsFile> {
    const path = join(runDir, FILE);
    const kept = stepsDone === 0 ? [] : await keptLines(path, stepsDone);
    await writeFileAtomically(path, kept.map(({ line }) => `${line}\n`).join(''), options);
    const lastStepEvaluated = kept.some(({ step, isEvaluation }) => isEvaluation && step === stepsDone);
    try {
      return new MetricsFile(await open(path, 'a'), path, { lastStepEvaluated, write: options.writeChunk ?? appendAll });
    } catch (error) {
      throw asStorageError(error, 'write', path);
    }
  }

  /** @throws {StorageError} */
  async append(entry: Readonly<Record<string, number>>): Promise<void> {
    try {
      await this.#write(this.#handle, new TextEncoder().encode(`${JSON.stringify(entry)}\n`));
    } catch (error) {
      throw asStorageError(error, 'write', this.#path);
    }
  }

  /** Before a checkpoint is saved: none may know of a step that the metrics lost in a power cut. @throws {StorageError} */
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

interface KeptLine {
  readonly line: string;
  readonly step: number;
  readonly isEvaluation: boolean;
}

async function keptLines(path: string, stepsDone: number): Promise<KeptLine[]> {
  const lines = (await readIfThere(path)).split('\n').map(parseLine);
  return lines.filter((line) => line !== null).filter(({ step }) => step <= stepsDone);
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
    const { step, eval_loss: evalLoss } = Entry.parse(JSON.parse(line));
    return { line, step, isEvaluation: evalLoss !== undefined };
  } catch {
    return null;
  }
}

/** @file How long a project's rows are in tokens of its model: counted once for a version, split and model, and remembered while Prospect runs. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { CancelledError } from '#contract/errors.ts';
import type { LengthReport } from '#contract/models.ts';
import { askInquiry } from '#inquiries/ask-inquiry.ts';
import { getChoices } from '#projects/choices.ts';
import { rowFilesOf } from './row-files.ts';
import type { SetupSurroundings } from './surroundings.ts';
import { trainingData } from './training-data.ts';

/** Reports of so many are kept; one has some kilobytes. */
const KEPT = 50;

interface Measuring {
  readonly key: string;
  readonly stop: AbortController;
  readonly report: Promise<LengthReport>;
}

export class Lengths {
  readonly #around: SetupSurroundings;
  readonly #known = new Map<string, LengthReport>();
  readonly #measuring = new Map<number, Measuring>();

  constructor(around: SetupSurroundings) {
    this.#around = around;
  }

  /** @returns null while the project has no data or no model @throws {AppError | CancelledError} */
  async measure(projectId: number): Promise<LengthReport | null> {
    const { store } = this.#around;
    const data = trainingData(store, projectId);
    const { modelFolder } = getChoices(store, projectId);
    if (data === null || modelFolder === null) return null;
    const key = JSON.stringify([data, modelFolder, tokenizerStamp(modelFolder)]);
    const known = this.#known.get(key);
    if (known) return known;
    const running = this.#measuring.get(projectId);
    if (running?.key === key) return running.report;
    running?.stop.abort();
    const stop = new AbortController();
    const report = this.#count(projectId, { modelDir: modelFolder, data, signal: stop.signal });
    const measuring = { key, stop, report };
    this.#measuring.set(projectId, measuring);
    try {
      this.#keep(key, await report);
      return await report;
    } finally {
      if (this.#measuring.get(projectId) === measuring) this.#measuring.delete(projectId);
    }
  }

  stop(projectId: number): void {
    this.#measuring.get(projectId)?.stop.abort();
  }

  stopAll(): void {
    for (const { stop } of this.#measuring.values()) stop.abort();
  }

  async #count(
    projectId: number,
    {
      modelDir,
      data,
      signal,
    }: { readonly modelDir: string; readonly data: { versionId: number; splitId: number | null }; readonly signal: AbortSignal },
  ): Promise<LengthReport> {
    const { emit, spawnInquiry } = this.#around;
    const { dataFile } = await rowFilesOf(this.#around, data, signal);
    if (signal.aborted) throw new CancelledError();
    return askInquiry(
      spawnInquiry,
      { kind: 'lengths', request: { modelDir, dataFile } },
      { signal, onProgress: ({ done, total }) => emit('models.measuring', { projectId, rowsDone: done, rowsTotal: total ?? done }) },
    );
  }

  #keep(key: string, report: LengthReport): void {
    const [oldest] = this.#known.keys();
    if (this.#known.size >= KEPT && oldest !== undefined) this.#known.delete(oldest);
    this.#known.set(key, report);
  }
}

/** Another tokenizer in the same folder counts anew. */
function tokenizerStamp(folder: string): readonly number[] {
  return ['tokenizer.json', 'tokenizer_config.json', 'chat_template.jinja'].map(
    (name) => statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0,
  );
}

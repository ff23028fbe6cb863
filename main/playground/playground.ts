/** @file The playground of one project: opens its base model in a process of llama.cpp, knows what state that is in, and ends it. */
import { stat } from 'node:fs/promises';
import { ChatProcess } from '#chat/chat-process.ts';
import { type AppError, CancelledError, OutputBusyError, StoreError } from '#contract/errors.ts';
import type { AdapterCheck, OpenPlayground, Playground as PlaygroundState } from '#contract/playground.ts';
import type { TaskUnit } from '#contract/tasks.ts';
import { askInquiry } from '#inquiries/ask-inquiry.ts';
import { getAdapter } from '#store/adapters.ts';
import { fromStoredPath } from '#store/data-folder.ts';
import { notFound } from '#store/not-found.ts';
import { baseModels, requireBaseModel, type BaseModel } from './base-models.ts';
import { getPlaygroundOptions } from './playground-options.ts';
import type { PlaygroundSurroundings } from './surroundings.ts';

/** Nats. Below the first an adapter changes nothing but the order of sums; below the second nobody would notice it in an answer. */
const NOTHING = 1e-5;
const HARDLY = 5e-3;

type Closed = PlaygroundState['closed'];

/** The work that opening is, as a window sees it. */
export interface OpenTask {
  readonly signal: AbortSignal;
  readonly progress: (done: number, total: number | null) => void;
  readonly begin: (title: string, unit: TaskUnit) => void;
}

interface Opened {
  readonly process: ChatProcess;
  readonly facts: OpenPlayground;
  readonly model: BaseModel;
  /** By the adapter's hash. */
  readonly checks: Map<string, Promise<AdapterCheck>>;
}

export class Playground {
  readonly #around: PlaygroundSurroundings;
  readonly #projectId: number;
  #opened: Opened | null = null;
  #opening: AbortController | null = null;
  #closed: Closed = null;

  constructor(around: PlaygroundSurroundings, projectId: number) {
    this.#around = around;
    this.#projectId = projectId;
  }

  get state(): PlaygroundState {
    const { store, underWay } = this.#around;
    return {
      phase: this.#opening ? 'opening' : this.#opened ? 'open' : 'closed',
      closed: this.#closed,
      open: this.#opened?.facts ?? null,
      models: baseModels(store, this.#projectId).map(({ id, name, isThere }) => ({ id, name, isThere })),
      options: getPlaygroundOptions(store),
      training: underWay()[0]?.name ?? null,
    };
  }

  /** @throws {StoreError} `conflict` if no model is open */
  get opened(): Opened {
    if (this.#opened) return this.#opened;
    throw new StoreError('No model is open. Open one, then ask again.', { reason: 'conflict' });
  }

  /**
   * Another model, or the same with other options, takes the place of the one that is open.
   * @throws {CancelledError} also if a run began meanwhile, which needs the memory
   * @throws {AppError} with one sentence for the person; nothing is left open then
   */
  async open(modelId: number | null, task: OpenTask): Promise<OpenPlayground> {
    if (this.#opening) throw new OutputBusyError('The model is being opened already. Wait for it, or cancel it.', { folder: '' });
    this.close(null);
    const stop = new AbortController();
    this.#opening = stop;
    this.#tell();
    try {
      const model = requireBaseModel(this.#around.store, this.#projectId, modelId);
      this.#opened = await this.#load(model, { ...task, signal: AbortSignal.any([task.signal, stop.signal]) });
      void this.#opened.process.ended.then((error) => this.#takeEnd(error));
      return this.#opened.facts;
    } finally {
      this.#opening = null;
      this.#tell();
    }
  }

  /** At once; gives all memory back. @param closed - why, where a person did not ask for it */
  close(closed: Closed): void {
    const wasThere = this.#opened ?? this.#opening;
    this.#opening?.abort();
    const { process } = this.#opened ?? {};
    this.#opened = null;
    process?.close();
    if (!wasThere && closed !== null) return;
    this.#closed = closed;
    if (wasThere) this.#tell();
  }

  get isInUse(): boolean {
    return this.#opened !== null || this.#opening !== null;
  }

  /**
   * The folder of an adapter, for llama.cpp.
   * @throws {StoreError} if it is gone, or was made for another model than the one that is open
   */
  adapterDir(adapterId: number): string {
    const { store } = this.#around;
    const adapter = getAdapter(store, adapterId);
    if (!adapter || adapter.projectId !== this.#projectId) throw notFound('adapter', adapterId);
    const { model } = this.opened;
    if (adapter.modelId === null || adapter.modelId === model.id) return fromStoredPath(store.folder, adapter.path);
    throw new StoreError(`${adapter.name} was made for another model than ${model.name}. Open its model to talk to it.`, {
      reason: 'conflict',
    });
  }

  /** Frees the memory of an adapter that is not looked at any more; it comes back when it is asked. */
  release(adapterId: number): void {
    const adapter = getAdapter(this.#around.store, adapterId);
    if (!adapter || !this.#opened) return;
    // A process that ends meanwhile has freed it, too.
    this.#opened.process.drop(fromStoredPath(this.#around.store.folder, adapter.path)).catch(() => undefined);
  }

  /** Computed once as long as the model is open. */
  check(adapterId: number): Promise<AdapterCheck> {
    const { process, checks } = this.opened;
    const dir = this.adapterDir(adapterId);
    const key = getAdapter(this.#around.store, adapterId)?.sha256 ?? '';
    const checking = checks.get(key) ?? compare(process, dir);
    checks.set(key, checking);
    checking.catch(() => checks.delete(key));
    return checking;
  }

  async #load(model: BaseModel, task: OpenTask): Promise<Opened> {
    const { store, cacheDir, spawnInquiry, spawnChat } = this.#around;
    const { weights, processorOnly, contextTokens } = getPlaygroundOptions(store);
    const { signal } = task;
    let part: string | null = null;
    const prepared = await askInquiry(
      spawnInquiry,
      { kind: 'gguf', request: { modelDir: model.folder, dtype: weights, cacheDir } },
      {
        signal,
        onProgress: ({ label, done, total }) => {
          if (label !== part && label !== null) task.begin(label, 'bytes');
          part = label;
          // Nothing can be counted while it is checked.
          task.progress(done, total !== null && total > 1 ? total : null);
        },
      },
    );
    const process = new ChatProcess(spawnChat);
    const kill = (): void => process.close();
    signal.addEventListener('abort', kill, { once: true });
    try {
      if (signal.aborted) throw new CancelledError();
      task.begin('Loading the model', 'bytes');
      const { size } = await stat(prepared.file);
      const facts = await process.open(
        {
          modelDir: model.folder,
          ggufFile: prepared.file,
          dtype: weights,
          cacheDir,
          gpu: processorOnly ? 'off' : 'auto',
          contextTokens,
          threads: null,
          exact: false,
        },
        { onProgress: ({ done, total }) => task.progress((done / total) * size, size) },
      );
      const { device, hasChatTemplate } = facts;
      const notes = [...prepared.notes, ...facts.notes];
      const open = { modelId: model.id, device, weights, contextTokens: facts.contextTokens, hasChatTemplate, notes };
      return { process, facts: open, model, checks: new Map() };
    } catch (error) {
      process.close();
      throw error;
    } finally {
      signal.removeEventListener('abort', kill);
    }
  }

  /** It ended by itself. */
  #takeEnd(error: AppError): void {
    if (error instanceof CancelledError || !this.#opened) return;
    this.#around.logger.warn(`The chat process of project ${this.#projectId} ended. ${error.message}`);
    this.#opened = null;
    this.#closed = { kind: 'crashed', text: error.message };
    this.#tell();
  }

  #tell(): void {
    this.#around.emit('playground.changed', { projectId: this.#projectId });
  }
}

async function compare(process: ChatProcess, dir: string): Promise<AdapterCheck> {
  const { largestGap, tokens } = await process.compare(dir);
  return { changes: largestGap < NOTHING ? 'nothing' : largestGap < HARDLY ? 'hardly' : 'something', largestGap, tokens };
}

/**
 * @file A model made ready to generate: both graphs compiled over the same mapped weights, and batches of sequences that are decoded with them.
 */
import { CancelledError, InternalError } from '#contract/errors.ts';
import type { Backend, Executable, Feeds, Weights } from '#engine/graph/backend.ts';
import type { LoraModule } from '#engine/model/lora.ts';
import type { ModelConfig } from '#engine/model/model-config.ts';
import { floatTensor } from '#engine/tensor/tensor.ts';
import type { Tensor } from '#engine/tensor/tensor.ts';
import { adapterFeeds, adapterInputs } from './adapter-inputs.ts';
import type { GenerationAdapter } from './adapter-inputs.ts';
import { promptFeeds, tokenFeeds } from './decode-feeds.ts';
import type { NewSpan } from './decode-feeds.ts';
import { DECODE, decodeGraph } from './decode-graph.ts';
import { KeyValueCache } from './key-value-cache.ts';

/** Prompt tokens computed at once, padding of shorter prompts included: enough for matrix products at full speed, few enough for their scores. */
export const PROMPT_TOKENS = 512;

export interface SessionModel {
  readonly config: ModelConfig;
  /** Every linear module that an adapter may change; the session serves the base model and all adapters of these. */
  readonly modules: readonly LoraModule[];
}

export class GenerationSession {
  readonly config: ModelConfig;
  readonly modules: readonly LoraModule[];
  readonly #prompt: Executable;
  readonly #token: Executable;

  private constructor({ config, modules }: SessionModel, prompt: Executable, token: Executable) {
    this.config = config;
    this.modules = modules;
    this.#prompt = prompt;
    this.#token = token;
  }

  /** Takes no memory to speak of: weights are mapped, and what the graphs compute is freed after each run. */
  static async open(backend: Backend, weights: Weights, model: SessionModel): Promise<GenerationSession> {
    const adapters = adapterInputs(model.modules);
    const prompt = await backend.compile(decodeGraph(model.config, adapters, 'prompt'), weights);
    try {
      return new GenerationSession(model, prompt, await backend.compile(decodeGraph(model.config, adapters, 'token'), weights));
    } catch (error) {
      await prompt.release();
      throw error;
    }
  }

  /**
   * @param rows - sequences at once, at most
   * @param adapter - null for the base model
   */
  startBatch(rows: number, adapter: GenerationAdapter | null): DecodingBatch {
    const executables = { prompt: this.#prompt, token: this.#token };
    return new DecodingBatch(this.config, executables, { rows, adapter: adapterFeeds(this.modules, adapter) });
  }

  async release(): Promise<void> {
    await this.#prompt.release();
    await this.#token.release();
  }
}

interface Executables {
  readonly prompt: Executable;
  readonly token: Executable;
}

/** Sequences that are decoded together. The first `size` rows are in use; a row that leaves is replaced by the last one. */
export class DecodingBatch {
  readonly #config: ModelConfig;
  readonly #executables: Executables;
  readonly #adapter: Feeds;
  readonly #cache: KeyValueCache;
  readonly rows: number;
  #size = 0;

  constructor(config: ModelConfig, executables: Executables, { rows, adapter }: { readonly rows: number; readonly adapter: Feeds }) {
    this.#config = config;
    this.#executables = executables;
    this.#adapter = adapter;
    this.#cache = new KeyValueCache(config, rows);
    this.rows = rows;
  }

  get size(): number {
    return this.#size;
  }

  /**
   * Computes prompts, each in a row of its own behind those in use. A prompt of more than {@link PROMPT_TOKENS} comes alone and is computed in parts.
   * @returns logits after the last token of each; `[V]` each
   * @throws {CancelledError} between two parts
   */
  async admit(prompts: readonly Int32Array[], signal?: { readonly aborted: boolean }): Promise<Float32Array[]> {
    const [first] = prompts;
    const longest = Math.max(...prompts.map(({ length }) => length));
    if (!first || this.#size + prompts.length > this.rows) throw new InternalError('There is no free row for these prompts.');
    if (longest > PROMPT_TOKENS && prompts.length > 1) throw new InternalError('A long prompt is computed alone.');
    const rows = prompts.map((_, i) => this.#size + i);
    for (const row of rows) this.#cache.clear(row);
    let logits: Float32Array[] = [];
    for (let start = 0; start < longest; start += PROMPT_TOKENS) {
      if (signal?.aborted) throw new CancelledError('Generating was stopped.');
      const spans = prompts.map((ids) => ({ ids: ids.slice(start, start + PROMPT_TOKENS), start, sequenceLength: ids.length }));
      logits = await this.#computePrompts(spans, rows);
    }
    this.#size += prompts.length;
    return logits;
  }

  /**
   * One more token for every row in use.
   * @param tokens - the token of each row
   * @returns logits after it; `[V]` each
   */
  async step(tokens: readonly number[]): Promise<Float32Array[]> {
    const { lengths } = this.#cache;
    const spans = tokens.map((token, row) => {
      const start = lengths[row] as number;
      return { ids: Int32Array.of(token), start, sequenceLength: start + 1 };
    });
    const outputs = await this.#executables.token.run({
      ...tokenFeeds(this.#config, spans, this.#cache.room),
      ...this.#cache.feeds(0, this.#size, { spread: false }),
      ...this.#adapter,
    });
    this.#keep(outputs, spans, Array.from(tokens.keys()));
    return this.#logitsOf(outputs);
  }

  /** Frees a row. The last row takes its place. */
  leave(row: number): void {
    this.#size--;
    this.#cache.move(this.#size, row);
  }

  async #computePrompts(spans: readonly NewSpan[], rows: readonly number[]): Promise<Float32Array[]> {
    const continues = spans.some(({ start }) => start > 0);
    const outputs = await this.#executables.prompt.run({
      ...promptFeeds(this.#config, spans, continues ? this.#cache.room : 1),
      ...(continues ? this.#cache.feeds(rows[0] as number, rows.length, { spread: true }) : emptyCacheFeeds(this.#config, rows.length)),
      ...this.#adapter,
    });
    this.#keep(outputs, spans, rows);
    return this.#logitsOf(outputs);
  }

  #keep(outputs: Record<string, Tensor>, spans: readonly NewSpan[], rows: readonly number[]): void {
    this.#cache.append(
      outputs,
      rows,
      spans.map(({ ids }) => ids.length),
    );
  }

  #logitsOf(outputs: Record<string, Tensor>): Float32Array[] {
    const logits = outputs[DECODE.logits];
    if (logits?.dtype !== 'float32') throw new InternalError('The graph gave no logits.');
    const { vocabSize } = this.#config;
    return Array.from({ length: logits.data.length / vocabSize }, (_, r) => logits.data.subarray(r * vocabSize, (r + 1) * vocabSize));
  }
}

/** One hidden token, because executors do not agree on what a product over nothing is. */
function emptyCacheFeeds({ layerCount, keyValueHeads, headDim }: ModelConfig, rows: number): Feeds {
  const nothing = floatTensor([rows, keyValueHeads, 1, 1, headDim], new Float32Array(rows * keyValueHeads * headDim));
  const names = Array.from({ length: layerCount }, (_, layer) => [DECODE.cached('keys', layer), DECODE.cached('values', layer)]).flat();
  return Object.fromEntries(names.map((name) => [name, nothing]));
}

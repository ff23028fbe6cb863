/** @file A model in llama.cpp: its weights once in memory, and a context for each adapter that is talked to. */
import { availableParallelism } from 'node:os';
import { getLlama, LlamaLogLevel } from 'node-llama-cpp';
import type { Llama, LlamaContext, LlamaContextSequence, LlamaModel } from 'node-llama-cpp';
import { asChatError } from './as-chat-error.ts';
import { promptSlice } from './prompt-slice.ts';

export interface LlamaModelOptions {
  readonly gpu: 'auto' | 'off';
  readonly contextTokens: number;
  /** Processor threads; null for as many as help. */
  readonly threads: number | null;
  /** float32 keys and values instead of float16, and no fused attention. */
  readonly exact: boolean;
  readonly onProgress: (share: number) => void;
}

/** Bytes of weights below which threads wait for each other longer than they compute, above all on a busy machine: two were up to a hundred times slower. */
const ONE_THREAD_BYTES = 32 * 2 ** 20;

export interface OpenContext {
  readonly sequence: LlamaContextSequence;
  readonly contextTokens: number;
  /** Prompt tokens computed between two looks at whether to stop. */
  readonly promptSlice: number;
}

/** The library is tried out in a process of its own whenever it is loaded, so it is loaded once. */
const loaded = new Map<LlamaModelOptions['gpu'], Promise<Llama>>();

export class LlamaModelHost {
  readonly #llama: Llama;
  readonly #model: LlamaModel;
  readonly #options: LlamaModelOptions;
  readonly #contexts = new Map<string | null, Promise<LlamaContext>>();
  readonly #sequences = new WeakMap<LlamaContext, LlamaContextSequence>();

  private constructor(llama: Llama, model: LlamaModel, options: LlamaModelOptions) {
    this.#llama = llama;
    this.#model = model;
    this.#options = options;
  }

  /** @throws {OutOfMemoryError | FormatError} with what to do about it */
  static async open(ggufFile: string, options: LlamaModelOptions): Promise<LlamaModelHost> {
    try {
      const llama = await loadLlama(options.gpu);
      const model = await llama.loadModel({ modelPath: ggufFile, onLoadProgress: options.onProgress });
      return new LlamaModelHost(llama, model, options);
    } catch (error) {
      throw asChatError(error, ggufFile);
    }
  }

  async device(): Promise<string> {
    if (this.#llama.gpu === false) return 'CPU';
    const [name] = await this.#llama.getGpuDeviceNames();
    return `${name ?? 'GPU'} (${this.#llama.gpu})`;
  }

  /**
   * The context of an adapter, made at its first use.
   * @param adapterFile - GGUF LoRA; null for the base model
   */
  async context(adapterFile: string | null): Promise<OpenContext> {
    const opening = this.#contexts.get(adapterFile) ?? this.#open(adapterFile);
    this.#contexts.set(adapterFile, opening);
    try {
      const context = await opening;
      const sequence = this.#sequences.get(context) ?? context.getSequence();
      this.#sequences.set(context, sequence);
      const size = Math.min(sequence.contextSize, this.#options.contextTokens);
      return { sequence, contextTokens: size, promptSlice: promptSlice(this.#sliceFacts()) };
    } catch (error) {
      this.#contexts.delete(adapterFile);
      throw asChatError(error, adapterFile ?? this.#model.filename ?? 'the model');
    }
  }

  async drop(adapterFile: string | null): Promise<void> {
    const context = this.#contexts.get(adapterFile);
    this.#contexts.delete(adapterFile);
    await (await context)?.dispose();
  }

  /** llama.cpp's own ids of a text; special tokens in it are recognised. */
  tokenise(text: string): number[] {
    return [...this.#model.tokenize(text, true)];
  }

  #open(adapterFile: string | null): Promise<LlamaContext> {
    const { contextTokens, exact } = this.#options;
    const threads = this.#threads();
    return this.#model.createContext({
      contextSize: contextTokens,
      ...(threads !== null && { threads }),
      ...(adapterFile !== null && { lora: { adapters: [{ filePath: adapterFile }] } }),
      ...(exact && { flashAttention: false, experimentalKvCacheKeyType: 'F32' as const, experimentalKvCacheValueType: 'F32' as const }),
    });
  }

  #sliceFacts() {
    return { weightBytes: this.#model.size, threads: this.#llama.gpu === false ? (this.#threads() ?? this.#llama.maxThreads) : null };
  }

  /** Null for as many as there are. */
  #threads(): number | null {
    const { threads } = this.#options;
    if (threads !== null || this.#llama.gpu !== false) return threads;
    return this.#model.size < ONE_THREAD_BYTES ? 1 : null;
  }
}

function loadLlama(gpu: LlamaModelOptions['gpu']): Promise<Llama> {
  const loading = loaded.get(gpu) ?? startLlama(gpu);
  loaded.set(gpu, loading);
  loading.catch(() => loaded.delete(gpu));
  return loading;
}

async function startLlama(gpu: LlamaModelOptions['gpu']): Promise<Llama> {
  const llama = await getLlama({ gpu: gpu === 'off' ? false : 'auto', build: 'never', skipDownload: true, logLevel: LlamaLogLevel.error });
  // The default is at least four threads, which is too many for two cores.
  llama.maxThreads = llama.gpu === false ? Math.min(availableParallelism(), Math.max(1, llama.cpuMathCores)) : 0;
  return llama;
}

/** @file A model that answers prompts, with or without an adapter: what the command line, runs and comparisons share. */
import { join } from 'node:path';
import type { Backend } from '#engine/graph/backend.ts';
import type { GenerationAdapter } from '#engine/generate/adapter-inputs.ts';
import { generate } from '#engine/generate/generate.ts';
import type { GenerationEvent, GenerationPrompt } from '#engine/generate/generate.ts';
import { GenerationSession } from '#engine/generate/generation-session.ts';
import type { Prompt } from '#engine/generate/parse-prompt.ts';
import { checkSampling } from '#engine/generate/sampling.ts';
import type { Sampling } from '#engine/generate/sampling.ts';
import { stopTokens } from '#engine/generate/stop-tokens.ts';
import type { LoraModule } from '#engine/model/lora.ts';
import type { TextTokenizer } from '#engine/text/tokenizer.ts';
import { createTokenizer } from '#engine/text/tokenizer.ts';
import { Random } from '#engine/train/random.ts';
import { systemErrorCode } from '#io/as-storage-error.ts';
import { StorageError } from '#contract/errors.ts';
import { readJsonFile } from '#io/read-json-file.ts';
import { readTokenizerFiles } from '#io/tokenizer-files.ts';
import type { OpenedModel } from '#jobs/open-model.ts';
import { encodePrompt } from './encode-prompt.ts';

export interface AnswerOptions {
  /** Null for the base model. */
  readonly adapter: GenerationAdapter | null;
  readonly sampling: Sampling;
  /** The answer to a prompt follows from it and the prompt's place in the list. */
  readonly seed: number;
  /** Of the prompts in a longer list that they are part of; their own places if not given. */
  readonly places?: readonly number[];
  /** Names the prompts in messages: `prompts.jsonl`. */
  readonly source: string;
  readonly signal?: AbortSignal;
}

export type FinishedAnswer = Extract<GenerationEvent, { kind: 'finished' }>;

export class Answerer {
  readonly #model: OpenedModel;
  readonly #session: GenerationSession;
  readonly #tokenizer: TextTokenizer | null;
  readonly #stopIds: ReadonlySet<number>;

  private constructor(model: OpenedModel, session: GenerationSession, tokenizer: TextTokenizer | null, stopIds: ReadonlySet<number>) {
    this.#model = model;
    this.#session = session;
    this.#tokenizer = tokenizer;
    this.#stopIds = stopIds;
  }

  /**
   * @param modules - all that any adapter may change
   * @throws {FormatError | StorageError}
   */
  static async open(backend: Backend, model: OpenedModel, modules: readonly LoraModule[]): Promise<Answerer> {
    const { dir, config, weights } = model;
    const tokenizer = await readTokenizer(dir);
    const [generationConfig, modelConfig] = [
      await readIfThere(join(dir, 'generation_config.json')),
      await readJsonFile(join(dir, 'config.json')),
    ];
    const stopIds = stopTokens({ generationConfig, modelConfig, tokenizer });
    return new Answerer(model, await GenerationSession.open(backend, weights, { config, modules }), tokenizer, stopIds);
  }

  /**
   * Events of all answers as their tokens come; see `generate`.
   * @throws {SettingsError | FormatError} if a prompt or the sampling can't be, before anything is computed
   * @throws {CancelledError}
   */
  events(prompts: readonly Prompt[], options: AnswerOptions): AsyncGenerator<GenerationEvent, void, undefined> {
    const { adapter, sampling, seed, places, source, signal } = options;
    checkSampling(sampling);
    const tokenizer = this.#tokenizer;
    return generate(this.#session, this.encode(prompts, source), {
      sampling,
      adapter,
      stopIds: this.#stopIds,
      decode: tokenizer && ((ids) => tokenizer.decode(ids, { skipSpecialTokens: true })),
      random: (index) => {
        const random = Random.fromSeed(seed, STREAM, places?.[index] ?? index);
        return () => random.uniform();
      },
      ...(signal ? { signal } : {}),
    });
  }

  /** @throws {SettingsError | FormatError} if the model can't read a prompt */
  encode(prompts: readonly Prompt[], source: string): readonly GenerationPrompt[] {
    const { config } = this.#model;
    return prompts.map((prompt, i) => encodePrompt(prompt, { tokenizer: this.#tokenizer, config, what: `Prompt ${i + 1} of ${source}` }));
  }

  /** Whole answers in the order of the prompts. */
  async answers(prompts: readonly Prompt[], options: AnswerOptions): Promise<readonly FinishedAnswer[]> {
    const finished: FinishedAnswer[] = [];
    for await (const event of this.events(prompts, options)) if (event.kind === 'finished') finished.push(event);
    return finished.toSorted((a, b) => a.index - b.index);
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}

/** Selects the sequence of random numbers that answers are drawn with. */
const STREAM = 5;

async function readTokenizer(dir: string): Promise<TextTokenizer | null> {
  if ((await readIfThere(join(dir, 'tokenizer.json'))) === null) return null;
  return createTokenizer(await readTokenizerFiles(dir), () => new Date());
}

async function readIfThere(file: string): Promise<unknown> {
  try {
    return await readJsonFile(file);
  } catch (error) {
    if (error instanceof StorageError && systemErrorCode(error.cause) === 'ENOENT') return null;
    throw error;
  }
}

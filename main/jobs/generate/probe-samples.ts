/** @file samples.jsonl: what a model in training answers to the same few prompts at each evaluation, with the same random numbers every time. */
import type { Backend } from '#engine/graph/backend.ts';
import { DEFAULT_SAMPLING } from '#engine/generate/sampling.ts';
import { promptValue } from '#engine/generate/parse-prompt.ts';
import type { Prompt } from '#engine/generate/parse-prompt.ts';
import type { TrainableAdapter } from '#jobs/initial-adapter.ts';
import type { OpenedModel } from '#jobs/open-model.ts';
import { StepLog } from '#jobs/step-log.ts';
import type { JobEvent } from '#jobs/training-request.ts';
import { Answerer } from './answerer.ts';

/** They are answered at every evaluation, which must stay short. */
export const MOST_PROBES = 20;
const FILE = 'samples.jsonl';
/** Enough to see a tone; a long answer would cost more than the evaluation. */
const SAMPLING = { ...DEFAULT_SAMPLING, maxNewTokens: 128 };

export interface ProbeOptions {
  readonly backend: Backend;
  readonly model: OpenedModel;
  /** Its parameters are those of the moment whenever samples are taken. */
  readonly adapter: TrainableAdapter;
  readonly prompts: readonly Prompt[];
  readonly source: string;
  readonly runDir: string;
  readonly stepsDone: number;
  readonly seed: number;
  readonly signal: AbortSignal;
}

export class ProbeSamples {
  readonly #answerer: Answerer;
  readonly #log: StepLog;
  readonly #options: ProbeOptions;

  private constructor(answerer: Answerer, log: StepLog, options: ProbeOptions) {
    this.#answerer = answerer;
    this.#log = log;
    this.#options = options;
  }

  /** Nothing is written before the prompts have been found readable. @throws {SettingsError | FormatError | StorageError} */
  static async open(options: ProbeOptions): Promise<ProbeSamples> {
    const { backend, model, adapter, prompts, source, runDir, stepsDone } = options;
    const answerer = await Answerer.open(backend, model, adapter.modules);
    try {
      answerer.encode(prompts, source);
      return new ProbeSamples(answerer, await StepLog.open(runDir, FILE, stepsDone), options);
    } catch (error) {
      await answerer.release();
      throw error;
    }
  }

  /** Whether the step that the run continues from (0: the model before training) has its samples. */
  get isTakenAtStart(): boolean {
    return this.#log.lastEntries.length > 0;
  }

  /** All answers of a step are written at once. @throws {SettingsError | StorageError | CancelledError} */
  async *take(step: number): AsyncGenerator<JobEvent> {
    const { prompts, source, adapter, seed, signal } = this.#options;
    const answers = new Map<number, { answer: string; finish_reason: string }>();
    const events = this.#answerer.events(prompts, { adapter, sampling: SAMPLING, seed, source, signal });
    for await (const event of events) {
      if (event.kind !== 'finished') continue;
      answers.set(event.index, { answer: event.text, finish_reason: event.reason });
      yield { kind: 'progress', phase: 'Evaluating', done: answers.size, total: prompts.length, unit: 'rows' };
    }
    const samples = prompts.map((prompt, index) => ({ step, index, prompt: promptText(prompt), ...answers.get(index) }));
    await this.#log.append(...samples);
    for (const { prompt, answer = '' } of samples) yield { kind: 'sample', step, prompt, answer };
  }

  async close(): Promise<void> {
    await this.#log.close();
    await this.#answerer.release();
  }
}

/** The prompt as a person reads it: of a conversation, what was said last. */
function promptText(prompt: Prompt): string {
  if (prompt.form === 'chat') return prompt.messages.findLast(({ content }) => typeof content === 'string')?.content ?? '';
  const value = promptValue(prompt);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

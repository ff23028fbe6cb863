/** @file A process for the command line that is none: it records what is written, and its jobs do what the test says. */
import type { CliHost, CliJobs, Output } from '#cli/host.ts';
import { runCli } from '#cli/run-cli.ts';
import type { PlanReport, PlanRequest } from '#jobs/plan-request.ts';
import type { GenerateEvent, GenerateRequest } from '#jobs/generate/generate-request.ts';
import type { PretrainJobEvent, PretrainRequest } from '#jobs/pretrain/pretrain-request.ts';
import type { JobEvent, RowScore, ScoreRequest, TrainingRequest } from '#jobs/training-request.ts';

export class FakeOutput implements Output {
  readonly writes: string[] = [];
  isTTY = false;
  columns: number | undefined;
  /** False: the reader is behind until `drain` is called. */
  keepsUp = true;
  #waiting: (() => void)[] = [];

  write(text: string): boolean {
    this.writes.push(text);
    return this.keepsUp;
  }

  once(_event: 'drain', listener: () => void): void {
    this.#waiting.push(listener);
  }

  drain(): void {
    this.#waiting.splice(0).forEach((listener) => listener());
  }

  get text(): string {
    return this.writes.join('');
  }

  get lines(): string[] {
    return this.text.split('\n').filter((line) => line !== '');
  }
}

export interface FakeHost extends CliHost {
  readonly stdout: FakeOutput;
  readonly stderr: FakeOutput;
  /** Requests that reached a job. */
  readonly requests: (TrainingRequest | ScoreRequest | PlanRequest | PretrainRequest | GenerateRequest)[];
  stop(reason: unknown): void;
}

interface FakeHostOptions {
  readonly events?: readonly JobEvent[];
  readonly scores?: readonly RowScore[];
  readonly pretrainEvents?: readonly PretrainJobEvent[];
  readonly answers?: readonly GenerateEvent[];
  readonly train?: CliJobs['train'];
  readonly score?: CliJobs['score'];
  readonly plan?: CliJobs['plan'];
  readonly engines?: CliJobs['engines'];
  readonly env?: CliHost['env'];
  readonly nowMs?: () => number;
  /** Lines of stdin. */
  readonly input?: readonly string[];
}

export function fakeHost({
  events = [],
  scores = [],
  pretrainEvents = [],
  answers = [],
  train,
  score,
  plan,
  engines,
  env = {},
  nowMs = () => 0,
  input = [],
}: FakeHostOptions = {}): FakeHost {
  const controller = new AbortController();
  const requests: FakeHost['requests'] = [];
  const recorded = <Request extends TrainingRequest | ScoreRequest | PretrainRequest | GenerateRequest, Item>(
    job: (request: Request, options: { signal: AbortSignal }) => AsyncIterable<Item>,
  ) =>
    async function* run(request: Request, options: { signal: AbortSignal }) {
      requests.push(request);
      yield* job(request, options);
    };
  return {
    stdout: new FakeOutput(),
    stderr: new FakeOutput(),
    stdin: { lines: () => replay(input) },
    env,
    platform: 'linux',
    homeDir: '/home/person',
    signal: controller.signal,
    nowMs,
    jobs: {
      engines: (request, options) =>
        engines ? engines(request, options) : Promise.resolve({ cards: [], rows: [], fastest: null, isOutdated: false }),
      plan(request, options) {
        requests.push(request);
        return plan ? plan(request, options) : Promise.resolve(PLAN_REPORT);
      },
      train: recorded(train ?? (() => replay(events))),
      score: recorded(score ?? (() => replay(scores))),
      pretrain: recorded(() => replay(pretrainEvents)),
      generate: recorded(() => replay(answers)),
    },
    program: 'prospect',
    requests,
    stop: (reason) => controller.abort(reason),
  };
}

export interface CliResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly host: FakeHost;
}

export async function cli(args: readonly string[], options: FakeHostOptions = {}): Promise<CliResult> {
  const host = fakeHost(options);
  const exitCode = await runCli(args, host);
  return { exitCode, stdout: host.stdout.text, stderr: host.stderr.text, host };
}

/** The least that `prospect train` needs. */
export const TRAIN_ARGS = ['train', '--model', 'base', '--data', 'rows.jsonl', '--out', 'run', '--method', 'kto'] as const;

/** The least that `prospect plan` needs. */
export const PLAN_ARGS = ['plan', '--model', 'base', '--data', 'rows.jsonl', '--method', 'kto'] as const;

/** A plan that fits, of a run that takes a day and a half. */
export const PLAN_REPORT: PlanReport = {
  engine: 'onnx:cpu',
  backend: 'onnxruntime 1.30.0 (cpu)',
  device: null,
  engineNotes: [],
  method: 'kto',
  trainRows: 12_345,
  steps: 4630,
  longestRowTokens: 2048,
  trainableParameters: 1_126_400,
  memory: { chunkTokens: 512, headGroups: 2, recompute: true, rowGradients: false },
  estimate: {
    weights: 4_400_000_000,
    activations: 812_300_000,
    adapter: 45_056_000,
    rows: 61_725_000,
    runtime: 230_686_720,
    total: 5_549_767_720,
  },
  budgetBytes: 6_000_000_000,
  freeBytes: 9_000_000_000,
  fits: true,
  alternatives: [
    {
      memory: { chunkTokens: 1024, headGroups: 4, recompute: false, rowGradients: true },
      estimate: {
        weights: 4_400_000_000,
        activations: 2_000_000_000,
        adapter: 90_000_000,
        rows: 61_725_000,
        runtime: 230_686_720,
        total: 6_782_411_720,
      },
    },
    {
      memory: { chunkTokens: 64, headGroups: 1, recompute: true, rowGradients: false },
      estimate: {
        weights: 4_400_000_000,
        activations: 100_000_000,
        adapter: 45_056_000,
        rows: 61_725_000,
        runtime: 230_686_720,
        total: 4_837_467_720,
      },
    },
  ],
  time: { secondsPerStep: 27.4, secondsReferences: 3.456, secondsTotal: 126_900, gflops: 212.6 },
};

async function* replay<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items;
}

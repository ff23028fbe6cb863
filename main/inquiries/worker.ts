/** @file The program of a process that answers one question and ends: what a model is, how long rows are, what a run needs, how good an adapter is, whether an engine works, what an export is. */
import { InternalError } from '#contract/errors.ts';
import { channelToParent } from '#processes/channel-to-parent.ts';
import { endProcess } from '#processes/end-process.ts';
import { toFailure } from '#processes/failure.ts';
import {
  toInquirySchema,
  type Answers,
  type FromInquiry,
  type InquiryProgress,
  type Question,
  type ToInquiry,
} from './inquiry-messages.ts';

/** Ten messages a second. */
const PROGRESS_INTERVAL_MS = 100;

const channel = channelToParent<ToInquiry, FromInquiry>(toInquirySchema);
/** Whoever asked ends the process when the answer is not wanted any more. */
const signal = new AbortController().signal;
let toldMs = -Infinity;
let toldLabel: string | null = '';

channel.receive(
  ({ question }) => void reply(question),
  (error) => fail(new InternalError('The process was sent a question it does not understand.', {}, { cause: error })),
);
channel.onClosed(() => process.exit(0));
channel.send({ type: 'ready' });

async function reply(question: Question): Promise<void> {
  try {
    channel.send({ type: 'answer', answer: await answerTo(question) });
    endProcess(0);
  } catch (error) {
    fail(error);
  }
}

/** Imported when it is asked: the engine is not needed to look at a folder. */
async function answerTo(question: Question): Promise<Answers[keyof Answers]> {
  switch (question.kind) {
    case 'model':
      return (await import('#jobs/inspect-model.ts')).inspectModel(question.dir);
    case 'lengths':
      return (await import('#jobs/count-lengths.ts')).countLengths(question.request, { signal, onProgress: tellCount });
    case 'plan':
      return (await import('#jobs/plan-job.ts')).planJob(question.request, { signal });
    case 'measure':
      return (await import('#exports/evaluate/measure-adapter.ts')).measureAdapter(question.request, {
        signal,
        onProgress: tellPart,
      });
    case 'answer':
      return (await import('#exports/evaluate/answer-prompts.ts')).answerPrompts(question.request, { signal, onProgress: tellCount });
    case 'engine':
      return (await import('#engines/test-engine.ts')).testEngine(question.engine);
    case 'gguf':
      return (await import('#exports/prepare-gguf.ts')).prepareGguf(question.request, {
        signal,
        onProgress: tellPart,
      });
    case 'export':
      return (await import('./answer-export.ts')).answerExport(question.request, { signal, onProgress: tell });
    default:
      return question satisfies never;
  }
}

function tellCount(done: number, total: number): void {
  tell({ label: null, done, total, unit: null });
}

function tellPart(label: string, done: number, total: number): void {
  tell({ label, done, total, unit: null });
}

/** The first word of a part is told at once, and the last. */
function tell(progress: InquiryProgress): void {
  const { label, done, total } = progress;
  if (label === toldLabel && performance.now() - toldMs < PROGRESS_INTERVAL_MS && done !== total) return;
  toldMs = performance.now();
  toldLabel = label;
  channel.send({ type: 'progress', progress });
}

function fail(error: unknown): void {
  channel.send({ type: 'failed', error: toFailure(error, 'The process failed') });
  endProcess(1);
}

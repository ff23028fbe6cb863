/** @file Why a run ended before its time, as a person is told: what it is called and what can be done. */
import type { RunProblem, RunStatus } from '#contract/runs.ts';
import type { JsonObject } from '#store/json-column.ts';

type Words = Omit<RunProblem, 'code' | 'message'>;

const RESUME = 'Resume continues from the last checkpoint, as if nothing had happened.';

const BY_CODE: Readonly<Record<string, Words>> = {
  'out-of-memory': {
    title: 'Out of memory',
    advice: [
      'Close other programs, then resume.',
      'Or duplicate the settings with a smaller per_device_train_batch_size or max_length and start a new run.',
    ],
  },
  'training-diverged': {
    title: 'The loss is not a number any more',
    advice: [
      'Resuming would come to the same step again. Duplicate the settings with a lower learning_rate (a fifth of it), more warmup_steps or a lower max_grad_norm.',
      'If it happened in the first steps, look for odd rows: very long ones, or answers that are empty.',
    ],
  },
  storage: { title: 'A file could not be read or written', advice: ['Do what the message says, then resume.', RESUME] },
  store: { title: 'Something of this run is gone', advice: ['Choose data and model again, and start a new run with the same settings.'] },
  format: {
    title: 'A file is not what it should be',
    advice: ['Put back the file that was there, or choose another model, then start again.'],
  },
  'unsupported-model': { title: 'This model can’t be trained', advice: ['Choose another model.'] },
  settings: {
    title: 'The run does not fit what it began with',
    advice: ['Put back the model or rows that were there when it began, then resume.', 'Or start a new run with the same settings.'],
  },
  engine: {
    title: 'What computes is not there',
    advice: ['Choose another engine in Preferences (or Automatic), then resume.', 'docs/engines.md says what each engine needs.'],
  },
  import: { title: 'The rows can’t be used', advice: ['Look at the rows in the step Data, then start again.'] },
  'output-busy': { title: 'Its folder is in use', advice: ['Wait until the other process has ended, then resume.'] },
  internal: { title: 'Something went wrong inside', advice: [RESUME, 'The log says more: Help, Open log.'] },
};
const INTERRUPTED: Words = { title: 'Interrupted', advice: [RESUME] };

/** @param error - code, message and details, as the store keeps them; null where nobody saw what happened */
export function runProblem(status: RunStatus, error: JsonObject | null): RunProblem | null {
  if (status !== 'failed' && status !== 'interrupted') return null;
  const code = typeof error?.['code'] === 'string' ? error['code'] : 'internal';
  const told = typeof error?.['message'] === 'string' ? error['message'] : null;
  const message = told ?? 'Prospect ended while this run was under way: it was killed, or the power went.';
  if (status === 'interrupted') return { code, message, ...(code === 'out-of-memory' ? outOfMemory() : INTERRUPTED) };
  return { code, message, ...(BY_CODE[code] ?? { title: 'Failed', advice: [RESUME] }) };
}

/** The system ends a process without a word when memory runs out, but so may a person. */
function outOfMemory(): Words {
  return { title: 'Interrupted', advice: [RESUME, ...(BY_CODE['out-of-memory']?.advice.slice(1) ?? [])] };
}

/** @file `prospect pretrain`: a small model from nothing but texts. */
import { CancelledError, SettingsError } from '#contract/errors.ts';
import type { PretrainJobEvent, PretrainRequest } from '#jobs/pretrain/pretrain-request.ts';
import type { Command, Invocation } from './command.ts';
import { INPUT_GROUP, OTHER_GROUP, OTHER_OPTIONS, requireOptions } from './common-options.ts';
import { FAILURE, stoppedCode, SUCCESS } from './exit-codes.ts';
import { formatCount, formatMetric } from './format-quantity.ts';
import type { CliHost } from './host.ts';
import { flagOption, textOf, valueOption } from './option-spec.ts';
import type { GivenOptions, OptionSpec } from './option-spec.ts';
import { Screen } from './screen.ts';
import { writeLine } from './write-line.ts';

const IN_INPUT = { group: INPUT_GROUP };

const OPTIONS: readonly OptionSpec[] = [
  valueOption('config', 'FILE', 'JSON with `model` (the fields of config.json) and `training` (settings). Required.', IN_INPUT),
  valueOption('data', 'FILE', 'Texts to learn from: records with `messages` or `text`. Required.', IN_INPUT),
  valueOption('eval-data', 'FILE', 'Texts to measure the loss on.', { ...IN_INPUT, default: 'none' }),
  valueOption('out', 'DIR', 'Folder of the new model. Required.', IN_INPUT),
  valueOption('threads', 'N', 'Cores to compute on; the result is the same.', { ...IN_INPUT, default: 'all' }),
  flagOption('resume', 'Continues from the newest checkpoint in --out.', IN_INPUT),
  flagOption('json', 'Prints every event as one JSON object a line.', { group: OTHER_GROUP }),
  ...OTHER_OPTIONS,
];

export const PRETRAIN: Command = { options: OPTIONS, run: pretrain };

async function pretrain({ given }: Invocation, host: CliHost): Promise<number> {
  const { config, data, out } = requireOptions(given, ['config', 'data', 'out'], OPTIONS);
  const request: PretrainRequest = {
    configFile: config,
    dataFile: data,
    evalDataFile: textOf(given, 'eval-data') ?? null,
    outDir: out,
    resume: given.get('resume') === true,
    threads: threadsOf(given),
  };
  const screen = new Screen(host);
  let last: PretrainJobEvent | null = null;
  try {
    for await (const event of host.jobs.pretrain(request, { signal: host.signal })) {
      last = event;
      if (given.get('json') === true) await writeLine(host.stdout, JSON.stringify(event), host.signal);
      else show(event, screen);
    }
  } catch (error) {
    if (!(error instanceof CancelledError) || !host.signal.aborted) throw error;
  } finally {
    screen.clear();
  }
  if (last?.kind === 'finished') return SUCCESS;
  screen.remark(
    last?.kind === 'stopped' && last.checkpoint !== null ? 'Stopped. Add --resume to continue.' : 'Stopped before the first step.',
  );
  return host.signal.aborted ? stoppedCode(host.signal) : FAILURE;
}

function threadsOf(given: GivenOptions): number | null {
  const text = textOf(given, 'threads');
  if (text === undefined) return null;
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
  throw new SettingsError(`--threads must be a whole number from 1 to 999; it is ${text === '' ? 'empty' : text}.`, { field: 'threads' });
}

function show(event: PretrainJobEvent, screen: Screen): void {
  switch (event.kind) {
    case 'progress':
      return screen.progress({ ...event, label: event.phase });
    case 'plan':
      return planLines(event).forEach((line) => screen.result(line));
    case 'log': {
      const { step = 0, loss = NaN, grad_norm: norm = NaN, learning_rate: rate = NaN } = event.entry;
      return screen.result(
        `step ${step}  loss ${loss.toFixed(4)}  grad_norm ${formatMetric(norm)}  learning_rate ${rate.toExponential(2)}`,
      );
    }
    case 'evaluation':
      return screen.result(`Evaluation after step ${event.entry['step'] ?? 0}: eval_loss ${(event.entry['eval_loss'] ?? NaN).toFixed(4)}`);
    case 'checkpoint':
      return screen.result(`Checkpoint of step ${event.step}: ${event.file}`);
    case 'stopped':
      return; // the command says it
    case 'finished':
      return screen.result(`Finished after ${formatCount(event.step)} steps. The model is in ${event.outDir} (sha256 ${event.sha256}).`);
    default:
      return event satisfies never;
  }
}

function planLines(plan: Extract<PretrainJobEvent, { kind: 'plan' }>): string[] {
  const cut = plan.cutDocuments === 0 ? '' : `; ${formatCount(plan.cutDocuments)} are cut to the context length`;
  const done = plan.stepsDone === 0 ? '' : `, ${formatCount(plan.stepsDone)} of them done`;
  return [
    `${formatCount(plan.documents)} texts of ${formatCount(plan.tokens)} tokens, ${formatCount(plan.evalDocuments)} to evaluate on${cut}.`,
    `${formatCount(plan.parameters)} parameters, a vocabulary of ${formatCount(plan.vocabSize)}; ${formatCount(plan.steps)} steps${done}.`,
  ];
}

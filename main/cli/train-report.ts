/** @file The events of a training job as a person reads them. */
import type { JobEvent } from '#jobs/training-request.ts';
import { formatCount, formatDuration, formatMetric } from './format-quantity.ts';
import { evaluationLine, MetricsTable } from './metrics-table.ts';
import type { Screen } from './screen.ts';

type Plan = Extract<JobEvent, { kind: 'plan' }>;

export class TrainReport {
  readonly #screen: Screen;
  readonly #nowMs: () => number;
  readonly #startedMs: number;
  #table = new MetricsTable('kto');

  constructor(screen: Screen, nowMs: () => number) {
    this.#screen = screen;
    this.#nowMs = nowMs;
    this.#startedMs = nowMs();
  }

  /** What the run computed goes to stdout, everything about it to stderr. */
  show(event: JobEvent): void {
    const screen = this.#screen;
    switch (event.kind) {
      case 'progress':
        return screen.progress({ ...event, label: event.phase });
      case 'note':
        return screen.remark(`Note: ${event.text}`);
      case 'warning':
        return screen.remark(`Warning: ${event.text}`);
      case 'plan':
        this.#table = new MetricsTable(event.method);
        return planLines(event).forEach((line) => screen.result(line));
      case 'log':
        return this.#table.lines(event.entry).forEach((line) => screen.result(line));
      case 'evaluation':
        return screen.result(evaluationLine(event.entry));
      case 'sample':
        return sampleLines(event).forEach((line) => screen.result(line));
      case 'checkpoint':
        return screen.result(`Checkpoint of step ${event.step}: ${event.dir}`);
      case 'stopped':
        return; // the command says it, together with how to go on
      case 'finished':
        return screen.result(this.#finishedLine(event));
      default:
        return event satisfies never;
    }
  }

  #finishedLine({ step, outDir, trainLoss }: Extract<JobEvent, { kind: 'finished' }>): string {
    const took = formatDuration(this.#nowMs() - this.#startedMs);
    return `Finished after ${formatCount(step)} steps in ${took}: mean training loss ${formatMetric(trainLoss)}. The adapter is in ${outDir}.`;
  }
}

function sampleLines({ step, prompt, answer }: Extract<JobEvent, { kind: 'sample' }>): string[] {
  return [`Sample after step ${step}: ${prompt.replaceAll(/\s+/gu, ' ')}`, ...answer.split('\n').map((line) => `  ${line}`)];
}

function planLines(plan: Plan): string[] {
  const rows = plan.method === 'kto' ? 'examples' : 'pairs';
  const parts = [
    `${plan.method.toUpperCase()} on ${formatCount(plan.trainRows)} ${rows}, the longest of ${formatCount(plan.longestRowTokens)} tokens`,
    plan.evalRows === 0 ? '' : `${formatCount(plan.evalRows)} to evaluate on`,
    plan.droppedRows === 0 ? '' : `${formatCount(plan.droppedRows)} dropped`,
    plan.truncatedRows === 0 ? '' : `${formatCount(plan.truncatedRows)} cut to max_length`,
  ];
  const done = plan.stepsDone === 0 ? '' : `, ${formatCount(plan.stepsDone)} of them done`;
  return [
    `${parts.filter((part) => part !== '').join('; ')}.`,
    `${formatCount(plan.steps)} steps${done}; ${formatCount(plan.trainableParameters)} trainable parameters.`,
  ];
}

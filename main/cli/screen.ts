/** @file What the person sees: results on stdout, remarks and progress on stderr. The two may be one terminal, so all writing goes through here. */
import type { CliHost } from './host.ts';
import { progressBar, progressText } from './progress-text.ts';
import type { Progress } from './progress-text.ts';
import { WorkRate } from './work-rate.ts';

/** A terminal is redrawn ten times a second; a log file gets a line now and then. */
const REDRAW_MS = 100;
const LINE_MS = 5000;
const CLEAR_LINE = '\r\u001B[K';
const DEFAULT_COLUMNS = 80;

export class Screen {
  readonly #host: Pick<CliHost, 'stdout' | 'stderr' | 'nowMs'>;
  readonly #rates = new Map<string, WorkRate>();
  #label: string | null = null;
  #shownAtMs = -Infinity;
  #isDrawn = false;

  constructor(host: Pick<CliHost, 'stdout' | 'stderr' | 'nowMs'>) {
    this.#host = host;
  }

  /** A line of the result. */
  result(line: string): void {
    this.clear();
    this.#host.stdout.write(`${line}\n`);
  }

  /** A line beside the result. */
  remark(line: string): void {
    this.clear();
    this.#host.stderr.write(`${line}\n`);
  }

  progress(progress: Progress): void {
    const { stderr } = this.#host;
    const nowMs = this.#host.nowMs();
    const isNew = progress.label !== this.#label;
    const rate = this.#rateOf(progress.label);
    rate.report(progress.done, nowMs);
    const isTerminal = stderr.isTTY === true;
    const isDue = nowMs - this.#shownAtMs >= (isTerminal ? REDRAW_MS : LINE_MS);
    if (!isDue && !(isTerminal && (isNew || progress.done === progress.total))) return;
    this.#shownAtMs = nowMs;
    const text = progressText(progress, rate.perSecond);
    if (!isTerminal) {
      stderr.write(`${progress.label}: ${text}\n`);
      return;
    }
    // In a narrow terminal the numbers say more than the bar.
    const room = (stderr.columns || DEFAULT_COLUMNS) - 1;
    const bare = `${progress.label}: ${text}`;
    const bar = progressBar(progress);
    const full = `${progress.label} ${bar} ${text}`;
    stderr.write(CLEAR_LINE + (bar === '' || full.length > room ? bare.slice(0, room) : full));
    this.#isDrawn = true;
  }

  /** Takes the progress away; it comes back with the next report. */
  clear(): void {
    if (!this.#isDrawn) return;
    this.#host.stderr.write(CLEAR_LINE);
    this.#isDrawn = false;
    this.#shownAtMs = -Infinity;
  }

  #rateOf(label: string): WorkRate {
    if (this.#label !== null && this.#label !== label) this.#rates.get(this.#label)?.pause();
    this.#label = label;
    const rate = this.#rates.get(label) ?? new WorkRate();
    this.#rates.set(label, rate);
    return rate;
  }
}

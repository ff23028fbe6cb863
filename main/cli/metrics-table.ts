/** @file The log entries of a run as a compact table, one line a logged step, and evaluations as a line each. */
import { formatMetric } from './format-quantity.ts';

type Entry = Readonly<Record<string, number>>;

interface Column {
  readonly key: string;
  readonly width: number;
}

/** TRL's names. A column whose metric the method does not have is left out. */
const COLUMNS: readonly Column[] = [
  { key: 'step', width: 6 },
  { key: 'epoch', width: 6 },
  { key: 'loss', width: 9 },
  { key: 'kl', width: 9 },
  { key: 'rewards/accuracies', width: 18 },
  { key: 'rewards/chosen', width: 14 },
  { key: 'rewards/rejected', width: 16 },
  { key: 'rewards/margins', width: 15 },
  { key: 'grad_norm', width: 9 },
  { key: 'learning_rate', width: 13 },
];

const OF_METHOD: Readonly<Record<string, 'kto' | 'dpo'>> = { kl: 'kto', 'rewards/accuracies': 'dpo' };

export class MetricsTable {
  readonly #columns: readonly Column[];
  #hasHeader = false;

  constructor(method: 'kto' | 'dpo') {
    this.#columns = COLUMNS.filter(({ key }) => (OF_METHOD[key] ?? method) === method);
  }

  /** The line of an entry, before the first one also the heading. A metric that the step has not is a dash. */
  lines(entry: Entry): string[] {
    const line = this.#row(({ key }) => cell(key, entry[key]));
    if (this.#hasHeader) return [line];
    this.#hasHeader = true;
    return [this.#row(({ key }) => key), line];
  }

  #row(text: (column: Column) => string): string {
    return this.#columns.map((column) => text(column).padStart(column.width)).join('  ');
  }
}

/** What tells how it goes; the rest is in metrics.jsonl. */
export function evaluationLine(entry: Entry): string {
  const shown = Object.entries(entry).filter(([key]) => /^eval_(?:loss|kl|rewards\/.*)$/.test(key));
  return `Evaluation after step ${entry['step'] ?? 0}: ${shown.map(([key, value]) => `${key} ${formatMetric(value)}`).join(', ')}`;
}

function cell(key: string, value: number | undefined): string {
  if (value === undefined) return '-';
  if (key === 'epoch') return value.toFixed(2);
  // Always alike, or the decay is hard to follow.
  return key === 'learning_rate' && value !== 0 ? value.toExponential(2) : formatMetric(value);
}

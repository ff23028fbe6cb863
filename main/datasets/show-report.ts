/** @file What a dataset is made of, as a screen shows it. */
import type { Lengths, Report } from '#contract/pairs.ts';
import type { LengthSummary } from '#engine/data/quality/length-tally.ts';
import type { ScriptShare } from '#engine/data/quality/script-tally.ts';
import type { Store } from '#store/store.ts';
import type { DatasetReport } from './report-dataset.ts';
import { shownRowAt } from './show-survey.ts';

const SHOWN_SCRIPTS = 5;

export interface LongRow {
  readonly index: number;
  /** Of all its texts as they are stored. */
  readonly characters: number;
}

export interface MeasuredReport extends DatasetReport {
  readonly longest: readonly LongRow[];
}

export function showReport(store: Store, versionId: number, report: MeasuredReport): Report {
  const { rows, distinctPrompts, characters, scripts, repeatedPrompts, leaks, longest } = report;
  return {
    rows,
    distinctPrompts,
    promptLengths: showLengths(characters.prompt),
    answerLengths: showLengths(characters.answer),
    promptScripts: showScripts(scripts.prompts),
    answerScripts: showScripts(scripts.answers),
    // A prompt of one row is not repeated.
    repeatedPrompts: repeatedPrompts.filter((prompt) => prompt.rows > 1).map(({ text, rows: count }) => ({ text, rows: count })),
    longest: longest.map(({ index, characters: length }) => ({
      characters: length,
      row: shownRowAt(store, versionId, index),
    })),
    leaks: leaks === null ? null : { heldOutRows: leaks.evaluationRows, same: leaks.prompts.same, near: leaks.prompts.near },
  };
}

function showLengths({ count, p5, p50, p95, max, bins }: LengthSummary): Lengths {
  return { count, p5, p50, p95, max, bins: bins.map((bin) => ({ ...bin })) };
}

function showScripts(scripts: readonly ScriptShare[]): { script: string; share: number }[] {
  return scripts.slice(0, SHOWN_SCRIPTS).map(({ script, share }) => ({ script, share }));
}

/** @file The whole comparison as a text that can be taken away. */
import type { ReportFormat } from '#contract/comparisons.ts';
import { SettingsError } from '#contract/errors.ts';
import { showRow } from '#datasets/show-row.ts';
import { judge, type ComparedRun } from '#exports/compare/comparison.ts';
import { comparisonCsv, comparisonHtml, comparisonJson, type Comparison } from '#exports/compare/report.ts';
import { openRunSource } from '#exports/run-source.ts';
import { readAnswers } from './answers.ts';
import { readMeasured } from './measure-models.ts';
import { openComparison } from './open-comparison.ts';
import { evaluateRuns } from './show-measured.ts';
import type { ComparisonSurroundings } from './surroundings.ts';
import { tallyTexts } from './tally.ts';

const WRITERS: { readonly [F in ReportFormat]: (comparison: Comparison) => string } = {
  html: comparisonHtml,
  csv: comparisonCsv,
  json: comparisonJson,
};

/** @param madeAt - ISO 8601 @throws {SettingsError} before everything was measured */
export async function reportOf(
  around: Pick<ComparisonSurroundings, 'store' | 'cacheDir'>,
  { projectId, format, madeAt }: { readonly projectId: number; readonly format: ReportFormat; readonly madeAt: string },
): Promise<{ readonly fileName: string; readonly text: string }> {
  const comparison = openComparison(around.store, projectId);
  const evaluated = evaluateRuns(await readMeasured(around, comparison), comparison.settings.beta);
  const runs = await Promise.all(
    comparison.runs.map(async ({ runId, name, adapterDir }): Promise<ComparedRun> => {
      const evaluation = evaluated.find((run) => run.runId === runId)?.evaluation;
      if (!evaluation) throw new SettingsError(`${name} was not measured yet. Measure the runs, then save the report.`, { field: 'runs' });
      return { name, source: await openRunSource(adapterDir, comparison.modelDir), evaluation };
    }),
  );
  if (runs.length === 0) throw new SettingsError('There is nothing to report on yet. Choose runs and measure them.', { field: 'runs' });
  const { prompts, models } = await readAnswers(around, comparison);
  const answers = prompts.map(({ row }, place) => ({
    prompt: showRow(row, place, true).prompt,
    texts: models.map((model) => model.answers[place]?.text ?? ''),
  }));
  const text = WRITERS[format]({
    runs,
    verdict: judge(runs, comparison.settings.seed),
    answers: answers.filter(({ texts }) => texts.some((answer) => answer !== '')),
    votes: tallyTexts(around.store, projectId),
    madeAt,
  });
  return { fileName: `${runs.map(({ name }) => name.replaceAll(/[\\/:*?"<>|\s]+/g, '-')).join('-vs-')}.${format}`, text };
}

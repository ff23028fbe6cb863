/** @file `prospect compare`: two or more runs beside each other, measured in the same way. */
import { mkdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { SettingsError } from '#contract/errors.ts';
import type { ComparedRun } from '#exports/compare/comparison.ts';
import type { Comparison } from '#exports/compare/report.ts';
import type { EvaluationRequest } from '#exports/evaluate/evaluate-adapters.ts';
import type { Evaluation } from '#exports/evaluate/evaluation.ts';
import type { RunSource } from '#exports/run-source.ts';
import { asStorageError } from '#io/as-storage-error.ts';
import { writeFileAtomically } from '#io/atomic-write.ts';
import { CACHE_DIR, cacheFolder, INPUT_GROUP, OTHER_OPTIONS, requireOptions } from './common-options.ts';
import type { Command, Invocation } from './command.ts';
import { EVAL_OPTIONS, evalSettings } from './eval-options.ts';
import { SUCCESS } from './exit-codes.ts';
import { factSheet } from './fact-sheet.ts';
import type { Fact } from './fact-sheet.ts';
import type { CliHost } from './host.ts';
import { flagOption, textOf, valueOption } from './option-spec.ts';
import type { OptionSpec } from './option-spec.ts';
import { Screen } from './screen.ts';

const IN_INPUT = { group: INPUT_GROUP };

const OPTIONS: readonly OptionSpec[] = [
  valueOption('runs', 'DIR,DIR', 'Folders of two or more runs of one model, with commas between them. Required.', IN_INPUT),
  valueOption('model', 'DIR', 'The base model, where the runs do not know it or it has moved.', { ...IN_INPUT, default: "the runs'" }),
  valueOption('out', 'DIR', 'Writes report.html (one file, opens offline), report.json and report.csv there.', {
    ...IN_INPUT,
    default: 'none',
  }),
  flagOption('json', 'Prints everything as one JSON object.', IN_INPUT),
  CACHE_DIR,
  ...EVAL_OPTIONS,
  ...OTHER_OPTIONS,
];

export const COMPARE: Command = { options: OPTIONS, run: compare };

async function compare({ given }: Invocation, host: CliHost): Promise<number> {
  const { runs, pairs } = requireOptions(given, ['runs', 'pairs'], OPTIONS);
  const settings = evalSettings(given);
  const sources = await openRuns(runs, textOf(given, 'model') ?? null);
  const screen = new Screen(host);
  try {
    const request = { ...settings, pairsFile: pairs, cacheDir: cacheFolder(given, host), signal: host.signal };
    const comparison = await measure(sources, { ...request, onProgress: (progress) => screen.progress({ ...progress, unit: 'rows' }) });
    screen.clear();
    const { comparisonJson } = await import('#exports/compare/report.ts');
    if (given.get('json') === true) host.stdout.write(comparisonJson(comparison));
    else await show(comparison, host);
    const out = textOf(given, 'out');
    if (out !== undefined) screen.remark(`Written: ${(await writeReport(resolve(out), comparison)).join(', ')}`);
    return SUCCESS;
  } finally {
    screen.clear();
  }
}

async function measure(sources: readonly RunSource[], request: Omit<EvaluationRequest, 'modelDir' | 'adapters'>): Promise<Comparison> {
  const { evaluateAdapters } = await import('#exports/evaluate/evaluate-adapters.ts');
  const { judge } = await import('#exports/compare/comparison.ts');
  const hasAnswers = request.answers > 0;
  const evaluations = await evaluateAdapters({
    ...request,
    modelDir: (sources[0] as RunSource).modelDir,
    // The base model comes first, for its answers.
    adapters: [...(hasAnswers ? [null] : []), ...sources.map(({ adapterDir }) => adapterDir)],
  });
  const base = hasAnswers ? evaluations.shift() : undefined;
  const names = namesOf(sources);
  const runs = sources.map((source, i): ComparedRun => ({ name: names[i] as string, source, evaluation: evaluations[i] as Evaluation }));
  const answers = (base?.answers?.answers ?? []).map(({ prompt, text }, i) => ({
    prompt,
    texts: [text, ...runs.map(({ evaluation }) => evaluation.answers?.answers[i]?.text ?? '')],
  }));
  return { runs, verdict: judge(runs, request.seed), answers, votes: [], madeAt: new Date().toISOString() };
}

async function show({ runs, verdict }: Comparison, { stdout }: CliHost): Promise<void> {
  const { compareSettings } = await import('#exports/compare/comparison.ts');
  const { figureRows, figureText } = await import('#exports/compare/figure-rows.ts');
  const differing = compareSettings(runs).filter(({ differs }) => differs);
  const settings = differing.map(({ name, values }): Fact => [name, values.map((value) => value ?? '–').join('  |  ')]);
  if (settings.length > 0) stdout.write(factSheet('Settings that differ', settings));
  for (const { name, evaluation } of runs) {
    const figures = figureRows(evaluation).map((figure): Fact => [figure.label, figureText(figure)]);
    stdout.write(factSheet(`${name} on ${evaluation.pairs.length} pairs`, figures));
  }
  if (verdict) stdout.write(`${verdict.text}\n`);
}

/** @returns the files */
async function writeReport(folder: string, comparison: Comparison): Promise<string[]> {
  const { comparisonCsv, comparisonHtml, comparisonJson } = await import('#exports/compare/report.ts');
  const files = { 'report.html': comparisonHtml, 'report.json': comparisonJson, 'report.csv': comparisonCsv };
  await mkdir(folder, { recursive: true }).catch((error: unknown) => Promise.reject(asStorageError(error, 'write', folder)));
  for (const [name, write] of Object.entries(files)) await writeFileAtomically(join(folder, name), write(comparison));
  return Object.keys(files).map((name) => join(folder, name));
}

async function openRuns(listed: string, modelDir: string | null): Promise<RunSource[]> {
  const folders = [
    ...new Set(
      listed
        .split(',')
        .map((folder) => folder.trim())
        .filter((folder) => folder !== ''),
    ),
  ];
  if (folders.length < 2)
    throw new SettingsError('--runs needs two or more different folders, with commas between them.', { field: 'runs' });
  const { openRunSource } = await import('#exports/run-source.ts');
  const sources = await Promise.all(folders.map((folder) => openRunSource(folder, modelDir)));
  const models = [...new Set(sources.map((source) => source.modelDir))];
  if (models.length > 1) {
    throw new SettingsError(
      `These runs have different base models (${models.join(', ')}), so their log-probabilities can't be compared. Choose runs of one model.`,
      { field: 'runs' },
    );
  }
  return sources;
}

/** The folder's name, with the one above it where two have the same. */
function namesOf(sources: readonly RunSource[]): string[] {
  const short = sources.map(({ adapterDir }) => basename(adapterDir));
  return sources.map(({ adapterDir }, i) =>
    short.filter((name) => name === short[i]).length > 1 ? `${basename(dirname(adapterDir))}/${short[i] ?? ''}` : (short[i] ?? ''),
  );
}

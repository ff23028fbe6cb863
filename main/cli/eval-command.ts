/** @file `prospect eval`: measures an adapter on held-out pairs. */
import { CACHE_DIR, cacheFolder, INPUT_GROUP, OTHER_OPTIONS, requireOptions } from './common-options.ts';
import type { Command, Invocation } from './command.ts';
import { EVAL_OPTIONS, evalSettings } from './eval-options.ts';
import { SUCCESS } from './exit-codes.ts';
import { factSheet } from './fact-sheet.ts';
import type { CliHost } from './host.ts';
import { flagOption, textOf, valueOption } from './option-spec.ts';
import type { OptionSpec } from './option-spec.ts';
import { Screen } from './screen.ts';

const IN_INPUT = { group: INPUT_GROUP };

const OPTIONS: readonly OptionSpec[] = [
  valueOption('adapter', 'DIR', 'Folder of a run, or of any PEFT adapter. Required.', IN_INPUT),
  valueOption('model', 'DIR', 'The base model, where the run does not know it or it has moved.', { ...IN_INPUT, default: "the run's" }),
  flagOption('json', 'Prints one JSON object with every figure.', IN_INPUT),
  CACHE_DIR,
  ...EVAL_OPTIONS,
  ...OTHER_OPTIONS,
];

export const EVAL: Command = { options: OPTIONS, run: evaluate };

async function evaluate({ given }: Invocation, host: CliHost): Promise<number> {
  const { adapter, pairs } = requireOptions(given, ['adapter', 'pairs'], OPTIONS);
  const settings = evalSettings(given);
  const { openRunSource } = await import('#exports/run-source.ts');
  const { evaluateAdapters } = await import('#exports/evaluate/evaluate-adapters.ts');
  const { figureRows, figureText } = await import('#exports/compare/figure-rows.ts');
  const { modelDir, adapterDir } = await openRunSource(adapter, textOf(given, 'model') ?? null);
  const screen = new Screen(host);
  try {
    const [evaluation] = await evaluateAdapters({
      ...settings,
      modelDir,
      adapters: [adapterDir],
      pairsFile: pairs,
      cacheDir: cacheFolder(given, host),
      signal: host.signal,
      onProgress: (progress) => screen.progress({ ...progress, unit: 'rows' }),
    });
    screen.clear();
    const figures = evaluation ? figureRows(evaluation) : [];
    if (given.get('json') === true) {
      screen.result(
        JSON.stringify({
          adapter: adapterDir,
          beta: settings.beta,
          pairs: evaluation?.pairs.length,
          ...Object.fromEntries(figures.map(({ key, estimate }) => [key, estimate])),
        }),
      );
    } else {
      const title = `${adapterDir} on ${evaluation?.pairs.length ?? 0} pairs, in brackets 95 % intervals`;
      host.stdout.write(
        factSheet(
          title,
          figures.map((figure) => [figure.label, figureText(figure)]),
        ),
      );
    }
    return SUCCESS;
  } finally {
    screen.clear();
  }
}

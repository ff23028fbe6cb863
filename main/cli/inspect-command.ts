/** @file `prospect inspect`: says what a model, a data file or an adapter is. */
import { SettingsError } from '#contract/errors.ts';
import { INPUT_GROUP, OTHER_OPTIONS } from './common-options.ts';
import type { Command, Invocation } from './command.ts';
import { describeAdapter } from './describe-adapter.ts';
import { describeData } from './describe-data.ts';
import { describeModel } from './describe-model.ts';
import { FAILURE, SUCCESS } from './exit-codes.ts';
import type { CliHost } from './host.ts';
import { flagOption, textOf, valueOption } from './option-spec.ts';
import type { OptionSpec } from './option-spec.ts';

const IN_INPUT = { group: INPUT_GROUP };

const OPTIONS: readonly OptionSpec[] = [
  valueOption('model', 'DIR', 'Model folder to look at; with --adapter also the model that the adapter has to fit.', IN_INPUT),
  valueOption('data', 'FILE', 'Data file to read from its first row to its last.', IN_INPUT),
  valueOption('adapter', 'DIR', 'PEFT adapter to look at.', IN_INPUT),
  flagOption('json', 'Prints one JSON object with all that was found.', IN_INPUT),
  ...OTHER_OPTIONS,
];

export const INSPECT: Command = { options: OPTIONS, run: inspect };

async function inspect({ given }: Invocation, host: CliHost): Promise<number> {
  const [modelDir, dataFile, adapterDir] = ['model', 'data', 'adapter'].map((name) => textOf(given, name) ?? null) as [
    string | null,
    string | null,
    string | null,
  ];
  if (modelDir === null && dataFile === null && adapterDir === null) {
    throw new SettingsError('Say what to look at: --model DIR, --data FILE or --adapter DIR.', { field: 'model' });
  }
  const found = await look({ modelDir, dataFile, adapterDir }, host.signal);
  host.stdout.write(given.get('json') === true ? `${JSON.stringify(found)}\n` : describe(found));
  const problems = Object.values(found).flatMap(({ problem }) => (problem === null ? [] : [problem]));
  for (const problem of problems) host.stderr.write(`prospect: ${problem}\n`);
  return problems.length === 0 ? SUCCESS : FAILURE;
}

type Found = Awaited<ReturnType<typeof look>>;

interface Wanted {
  readonly modelDir: string | null;
  readonly dataFile: string | null;
  readonly adapterDir: string | null;
}

/** Only what was asked for, so that the JSON has no empty parts. */
async function look({ modelDir, dataFile, adapterDir }: Wanted, signal: AbortSignal) {
  const { inspectModel } = await import('#jobs/inspect-model.ts');
  const { inspectData } = await import('#jobs/inspect-data.ts');
  const { inspectAdapter } = await import('#jobs/inspect-adapter.ts');
  return {
    ...(modelDir === null ? {} : { model: await inspectModel(modelDir) }),
    ...(dataFile === null ? {} : { data: await inspectData(dataFile, { signal }) }),
    ...(adapterDir === null ? {} : { adapter: await inspectAdapter(adapterDir, modelDir) }),
  };
}

function describe({ model, data, adapter }: Found): string {
  const sections = [model && describeModel(model), data && describeData(data), adapter && describeAdapter(adapter)];
  return sections.filter((section) => section !== undefined).join('\n');
}

/** @file `prospect engines`: what can compute on this machine, how right and how fast. */
import type { EngineName, EngineTest } from '#contract/engines.ts';
import { parseEngineChoice } from '#engines/engine-name.ts';
import { ENGINES } from '#engines/engine-name.ts';
import { CACHE_DIR, cacheFolder, INPUT_GROUP, OTHER_OPTIONS } from './common-options.ts';
import type { Command, Invocation } from './command.ts';
import { describeEngines, rateText } from './describe-engines.ts';
import { FAILURE, SUCCESS } from './exit-codes.ts';
import type { CliHost } from './host.ts';
import { flagOption, textOf, valueOption } from './option-spec.ts';
import { Screen } from './screen.ts';
import { writeLine } from './write-line.ts';

const OPTIONS = [
  valueOption('engine', 'NAME', 'Tests this engine only.', { group: INPUT_GROUP, default: 'all that are here' }),
  flagOption('no-test', 'Shows what is known, without testing anything.', { group: INPUT_GROUP }),
  flagOption('json', 'Prints the table as one JSON object.', { group: INPUT_GROUP }),
  CACHE_DIR,
  ...OTHER_OPTIONS,
];

export const ENGINES_COMMAND: Command = { options: OPTIONS, run };

async function run({ given }: Invocation, host: CliHost): Promise<number> {
  const names = given.get('no-test') === true ? [] : namesFrom(textOf(given, 'engine'));
  const screen = new Screen(host);
  try {
    const list = await host.jobs.engines(
      { cacheDir: cacheFolder(given, host), names },
      { signal: host.signal, onTested: (test) => screen.remark(testedText(test)) },
    );
    screen.clear();
    await writeLine(host.stdout, given.get('json') === true ? JSON.stringify(list) : describeEngines(list), host.signal);
    const failed = names.length === 1 && list.rows.some(({ engine, test }) => engine === names[0] && test?.state !== 'works');
    return failed ? FAILURE : SUCCESS;
  } finally {
    screen.clear();
  }
}

/** @throws {SettingsError} if there is no such engine */
function namesFrom(text: string | undefined): readonly EngineName[] {
  if (text === undefined) return ENGINES;
  const choice = parseEngineChoice(text);
  return choice === 'auto' ? ENGINES : [choice];
}

function testedText(test: EngineTest): string {
  return `Tested ${test.engine}: ${test.state === 'works' ? `${rateText(test)}.` : (test.reason ?? test.state)}`;
}

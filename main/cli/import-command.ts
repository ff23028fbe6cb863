/** @file `prospect import`: brings an adapter or a finished run into a project of the window. */
import { SettingsError } from '#contract/errors.ts';
import { INPUT_GROUP } from './common-options.ts';
import type { Command, Invocation } from './command.ts';
import { chosenProject, PROJECT, STORE_OPTIONS, withStore } from './data/store-options.ts';
import { SUCCESS } from './exit-codes.ts';
import type { CliHost } from './host.ts';
import { textOf, valueOption } from './option-spec.ts';
import type { OptionSpec } from './option-spec.ts';

const IN_INPUT = { group: INPUT_GROUP };

const OPTIONS: readonly OptionSpec[] = [
  valueOption('adapter', 'DIR', 'PEFT adapter made elsewhere; it is checked against --model.', IN_INPUT),
  valueOption('run', 'DIR', 'Folder of a run that finished, with its settings and its curve.', IN_INPUT),
  valueOption('model', 'DIR', "The adapter's base model; for a run, where its model is now.", { ...IN_INPUT, default: "the run's" }),
  valueOption('name', 'NAME', 'What to call it.', { ...IN_INPUT, default: "the folder's name" }),
  PROJECT,
  ...STORE_OPTIONS,
];

export const IMPORT: Command = { options: OPTIONS, run: importInto };

interface Imported {
  readonly found: unknown;
  readonly text: string;
  readonly notes: readonly string[];
}

async function importInto({ given }: Invocation, host: CliHost): Promise<number> {
  const [adapter, run, model, name] = ['adapter', 'run', 'model', 'name'].map((option) => textOf(given, option) ?? null) as [
    string | null,
    string | null,
    string | null,
    string | null,
  ];
  if ((adapter === null) === (run === null)) throw new SettingsError('Give either --adapter DIR or --run DIR.', { field: 'adapter' });
  return withStore({ given, host, access: 'write' }, async (store) => {
    const project = chosenProject(store, given);
    const { found, text, notes } = await bring();
    for (const note of notes) host.stderr.write(`${note}\n`);
    host.stdout.write(given.get('json') === true ? `${JSON.stringify(found)}\n` : `${text} into project ${project.name}.\n`);
    return SUCCESS;

    async function bring(): Promise<Imported> {
      const { openRunSource } = await import('#exports/run-source.ts');
      const source = await openRunSource((adapter ?? run) as string, model);
      if (run !== null) {
        const { importRun } = await import('#projects/import-run.ts');
        const imported = await importRun(store, { projectId: project.id, source, name });
        return { found: imported, text: `Run ${imported.name} (${imported.method}, ${imported.lastStep} steps) was brought`, notes: [] };
      }
      const { importAdapter } = await import('#projects/import-adapter.ts');
      const imported = await importAdapter(store, {
        projectId: project.id,
        adapterDir: source.adapterDir,
        modelDir: source.modelDir,
        name,
      });
      return { found: imported, text: `Adapter ${imported.adapter.name} was brought`, notes: imported.notes };
    }
  });
}

/** @file `prospect data list`: the datasets of a project. */
import { listDatasetSummaries } from '#datasets/list-datasets.ts';
import type { Command, Invocation } from '#cli/command.ts';
import { SUCCESS } from '#cli/exit-codes.ts';
import { factSheet, type Fact } from '#cli/fact-sheet.ts';
import type { CliHost } from '#cli/host.ts';
import { versionOrigin, versionRows } from './describe-version.ts';
import { chosenProject, PROJECT, STORE_OPTIONS, withStore } from './store-options.ts';

export const DATA_LIST: Command = { options: [PROJECT, ...STORE_OPTIONS], run };

async function run({ given }: Invocation, host: CliHost): Promise<number> {
  return withStore({ given, host, access: 'read' }, async (store) => {
    const project = chosenProject(store, given);
    const datasets = listDatasetSummaries(store, project.id);
    if (given.get('json') === true) {
      host.stdout.write(`${JSON.stringify({ project, datasets })}\n`);
      return SUCCESS;
    }
    const facts = datasets.map(({ dataset, latest, versions }): Fact => {
      const version = versions === 1 ? '' : ` (version ${latest.number} of ${versions})`;
      return [dataset.name, `${versionRows(dataset, latest)}; ${versionOrigin(latest)}${version}`];
    });
    host.stdout.write(
      facts.length === 0 ? `Project ${project.name} has no dataset yet.\n` : factSheet(`Datasets of ${project.name}`, facts),
    );
    return SUCCESS;
  });
}

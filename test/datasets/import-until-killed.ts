/** @file A process that imports a file again and again until it is killed, and says what it was promised and where it is. */
import { importDataset } from '#datasets/import-dataset.ts';
import { openStore } from '#store/open-store.ts';
import { createProject, listProjects } from '#store/projects.ts';
import { EXAMPLES } from './sample-rows.ts';

const [root = '', path = '', life = ''] = process.argv.slice(2);
const store = openStore(root);
const projectId = (listProjects(store)[0] ?? createProject(store, { name: 'Killed' })).id;
let moment = 0;
// Every turn of the import between two batches is a moment at which it may be killed.
const says = setInterval(() => process.stdout.write(`moment ${moment++}\n`), 0);

for (let round = 0; ; round++) {
  const request = {
    paths: [path],
    mapping: EXAMPLES,
    into: { projectId, name: `${life}-${round}` },
    badRows: 'skip',
    again: true,
  } as const;
  const { version } = await importDataset(store, request);
  process.stdout.write(`version ${version.id} ${version.rowCount}\n`);
  if (round === 3) clearInterval(says);
}

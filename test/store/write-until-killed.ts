/** @file A process that imports, edits, deletes and reports metrics until it is killed, and says what it was promised after each promise. */
import { setImmediate as turn } from 'node:timers/promises';
import { createDataset, latestVersionOf } from '#store/datasets.ts';
import { deleteWithFiles } from '#store/delete-with-files.ts';
import { editRows } from '#store/edit-rows.ts';
import { writeMetrics } from '#store/metrics.ts';
import { openStore } from '#store/open-store.ts';
import { createProject, listProjects } from '#store/projects.ts';
import { RowWriter } from '#store/row-writer.ts';
import { iterateRowKeys } from '#store/rows.ts';
import { createRun, listRuns } from '#store/runs.ts';

const store = openStore(process.argv[2] ?? '');
const projectId = (listProjects(store)[0] ?? createProject(store, { name: 'Killed' })).id;
const run =
  listRuns(store, projectId)[0] ??
  createRun(store, {
    projectId,
    versionId: null,
    splitId: null,
    modelId: null,
    name: 'run',
    method: 'kto',
    settings: {},
    folder: 'runs/1',
    engine: 'cpu',
    totalSteps: null,
  });

for (let round = 0; ; round++) {
  const dataset = createDataset(store, { projectId, name: `${process.pid}-${round}`, kind: 'example' });
  const writer = RowWriter.begin(store, { datasetId: dataset.id, keepRows: true, origin: {} });
  for (let batch = 0; batch < 20; batch++) {
    writer.add(
      Array.from({ length: 200 }, (_, index) => ({
        form: 'text' as const,
        prompt: `prompt ${round} ${index}`.repeat(10),
        completion: 'c'.repeat(index),
        rejected: null,
        label: index % 2 === 0,
        options: null,
        promptKey: BigInt(index),
        sourceFile: null,
        sourceRow: null,
        sourceRowId: null,
      })),
    );
    writeMetrics(store, run.id, [{ step: round * 20 + batch, values: { loss: batch, kl: round } }]);
    process.stdout.write(`metrics ${round * 20 + batch}\n`);
    await turn();
  }
  const imported = writer.commit();
  process.stdout.write(`version ${imported.id} ${imported.rowCount}\n`);
  const rowIds = Array.from(iterateRowKeys(store, imported.id), ({ id }) => id).slice(0, 50);
  const edited = editRows(store, { versionId: imported.id, edits: rowIds.map((rowId) => ({ kind: 'delete', rowId })), origin: {} });
  process.stdout.write(`version ${edited.id} ${edited.rowCount}\n`);
  await turn();
  if (round % 3 === 2) {
    process.stdout.write(`deleting ${imported.id} ${edited.id}\n`);
    deleteWithFiles(store, 'dataset', latestVersionOf(store, dataset.id)?.datasetId ?? 0);
  }
}

/** @file Answers the requests about datasets, their versions and their rows. */
import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Dataset, datasetsRequests, Exported } from '#contract/datasets.ts';
import { OutputBusyError, SettingsError } from '#contract/errors.ts';
import type { RequestInput } from '#contract/index.ts';
import { editDataset } from '#datasets/edit-dataset.ts';
import { datasetEdits } from '#datasets/edit-records.ts';
import { exportDataset, exportFormatOf } from '#datasets/export-dataset.ts';
import { originOfRow } from '#datasets/origin-of-row.ts';
import { showRow } from '#datasets/show-row.ts';
import { showVersion } from '#datasets/show-version.ts';
import { getDataset, latestVersionOf, listDatasets, listVersions, renameDataset, requireVersion } from '#store/datasets.ts';
import { deleteWithFiles } from '#store/delete-with-files.ts';
import { notFound } from '#store/not-found.ts';
import { readRows } from '#store/rows.ts';
import type { Store } from '#store/store.ts';
import type { HandlersOf } from './handlers.ts';
import type { Services } from './services.ts';

export const datasetsHandlers: HandlersOf<typeof datasetsRequests> = {
  'datasets.list': ({ projectId }, { store }) => shownDatasets(store, projectId),
  'datasets.listVersions': ({ datasetId }, { store }) => {
    if (!getDataset(store, datasetId)) throw notFound('dataset', datasetId);
    return listVersions(store, datasetId).map(showVersion).toReversed();
  },
  'datasets.readRows': ({ versionId, from, count }, { store }) => ({
    rows: readRows(store, { versionId, from, count }).map((row, offset) => showRow(row, from + offset)),
  }),
  'datasets.readRow': ({ versionId, index }, { store }) => {
    const [row] = readRows(store, { versionId, from: index, count: 1 });
    if (!row) throw notFound('row', index);
    const { prompt, completion, rejected } = row;
    return { shown: showRow(row, index, true), prompt, completion, rejected, source: originOfRow(store, row) };
  },
  'datasets.edit': (edit, services) => {
    const { store } = services;
    const version = editDataset(store, { versionId: edit.versionId, edits: datasetEdits(store, edit.edits) });
    changed(services, getDataset(store, version.datasetId)?.projectId ?? 0);
    return showVersion(version);
  },
  'datasets.export': exportVersion,
  'datasets.rename': ({ datasetId, name }, services) => {
    changed(services, renameDataset(services.store, datasetId, name).projectId);
    return undefined;
  },
  'datasets.delete': ({ datasetId }, services) => {
    const dataset = getDataset(services.store, datasetId);
    deleteWithFiles(services.store, 'dataset', datasetId);
    if (dataset) changed(services, dataset.projectId);
    return undefined;
  },
};

/** Two passes: which columns there are, and then the rows. */
async function exportVersion(
  { task: id, versionId, path, replace }: RequestInput<'datasets.export'>,
  { store, tasks }: Services,
): Promise<Exported> {
  const format = exportFormatOf(path);
  if (!format) {
    throw new SettingsError(
      `“${basename(path)}” says no format. End the name of the file in .jsonl (JSON Lines), .csv (CSV) or .parquet (Parquet).`,
      { field: 'path' },
    );
  }
  if (!replace && existsSync(path)) {
    throw new OutputBusyError(`There is a “${basename(path)}” in ${dirname(path)} already. Replace it, or choose another name.`, {
      folder: dirname(path),
    });
  }
  const dataset = getDataset(store, requireVersion(store, versionId).datasetId);
  const about = { id, projectId: dataset?.projectId ?? null, title: `Exporting “${dataset?.name ?? ''}”`, unit: 'rows' } as const;
  return tasks.run(about, async ({ signal, report }) => {
    const { rows, columns } = await exportDataset(
      store,
      { versionId, format, path },
      {
        signal,
        onProgress: ({ rows: done, share, rowsPerSecond, msLeft, stage }) => {
          const passes = stage === 'exporting' ? 1 : 0;
          report({ done, share: (passes + share) / 2, perSecond: rowsPerSecond, msLeft });
        },
      },
    );
    return { path, rows, columns: [...columns] };
  });
}

function changed({ emit }: Services, projectId: number): void {
  emit('datasets.changed', { projectId });
}

function shownDatasets(store: Store, projectId: number): Dataset[] {
  return listDatasets(store, projectId).flatMap((dataset) => {
    const version = latestVersionOf(store, dataset.id);
    return version ? [{ ...dataset, version: showVersion(version) }] : [];
  });
}

/** @file Answers the requests about exports. */
import { join } from 'node:path';
import type { exportsRequests } from '#contract/exports.ts';
import { forgetExport, getExport, listExports } from '#projects/export-history.ts';
import { exportAdapterOfProject } from '#transfer/export-adapter-of-project.ts';
import { listExportSources } from '#transfer/export-sources.ts';
import { planExport } from '#transfer/plan-export.ts';
import type { HandlersOf } from './handlers.ts';
import type { TaskHandle } from './services.ts';

export const exportsHandlers: HandlersOf<typeof exportsRequests> = {
  'exports.listSources': ({ projectId }, { store }) => listExportSources(store, projectId),
  'exports.plan': (wanted, { store }) => planExport(store, wanted),
  'exports.start': async ({ task: id, ...wanted }, { store, dataDir, spawnInquiry, tasks, emit }) => {
    const { projectId, name } = wanted;
    const around = { store, cacheDir: join(dataDir, 'cache'), spawnInquiry, platform: process.platform };
    const made = await tasks.run({ id, projectId, title: `Exporting ${name}`, unit: 'bytes' }, (task) =>
      exportAdapterOfProject(wanted, { ...around, signal: task.signal, onProgress: partsOf(task, name) }),
    );
    emit('exports.changed', { projectId });
    return made;
  },
  'exports.list': ({ projectId }, { store }) => listExports(store, projectId),
  'exports.forget': ({ projectId, exportId }, { store, emit }) => {
    forgetExport(store, projectId, exportId);
    emit('exports.changed', { projectId });
    return undefined;
  },
  'exports.reveal': async ({ projectId, exportId }, { store, desktop }) => {
    const { folder } = getExport(store, projectId, exportId);
    return { path: folder, shown: await desktop.reveal(folder) };
  },
};

/** Each part of the work has a title of its own. */
function partsOf(task: TaskHandle, name: string) {
  let part = '';
  return ({ label, done, total, unit }: { label: string; done: number; total: number | null; unit: 'bytes' | 'texts' }): void => {
    if (label !== part) task.begin(`${name}: ${label.toLowerCase()}`, unit);
    part = label;
    if (total !== null) task.progress(done, total);
  };
}

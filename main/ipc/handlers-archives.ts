/** @file Answers the requests about archives of projects. */
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { archivesRequests } from '#contract/archives.ts';
import { OutputBusyError } from '#contract/errors.ts';
import { notFound } from '#store/not-found.ts';
import { getProject } from '#store/projects.ts';
import { readArchive } from '#transfer/archive/read-archive.ts';
import { writeArchive, type ArchiveWork } from '#transfer/archive/write-archive.ts';
import type { HandlersOf } from './handlers.ts';
import type { Services, TaskHandle } from './services.ts';

export const archivesHandlers: HandlersOf<typeof archivesRequests> = {
  'archives.write': async ({ task: id, projectId, path, hasWeights, replace }, services) => {
    const { store, tasks } = services;
    const project = getProject(store, projectId);
    if (!project) throw notFound('project', projectId);
    const file = path.endsWith('.prospect') ? path : `${path}.prospect`;
    if (!replace && existsSync(file))
      throw new OutputBusyError(`${file} is there already. Choose another name, or replace it.`, { folder: file });
    await tasks.run({ id, projectId, title: `Packing ${project.name}`, unit: 'rows' }, (task) =>
      writeArchive(store, { projectId, file, hasWeights }, workOf(services, task)),
    );
    return { path: file, bytes: (await stat(file)).size };
  },
  'archives.read': async ({ task: id, file: reference }, services) => {
    const { store, tasks, files, emit } = services;
    const file = files.pathOf(reference);
    const brought = await tasks.run({ id, projectId: null, title: `Bringing in ${basename(file)}`, unit: 'bytes' }, (task) =>
      readArchive(store, { file, name: null }, workOf(services, task)),
    );
    await files.release(reference);
    emit('projects.changed');
    emit('models.changed');
    return { project: brought.project, notes: [...brought.notes] };
  },
  'archives.takeOpened': (_input, { files }) => ({ paths: [...files.takeOpened('archive')] }),
};

/** Each part of the work has a title of its own. */
function workOf({ dataDir }: Services, { signal, begin, progress }: TaskHandle): ArchiveWork {
  let part = '';
  return {
    cacheDir: join(dataDir, 'cache'),
    signal,
    onProgress: ({ label, done, total, unit }) => {
      if (label !== part) begin(label, unit);
      part = label;
      progress(done, total);
    },
  };
}

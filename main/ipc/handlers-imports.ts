/** @file Answers the requests about imports. */
import { basename } from 'node:path';
import type { FileReference } from '#contract/files.ts';
import type { Imported, importsRequests } from '#contract/imports.ts';
import { badRowsCsv } from '#datasets/bad-rows-csv.ts';
import { importDataset } from '#datasets/import-dataset.ts';
import { inspectSource } from '#datasets/inspect-source.ts';
import { parseMapping } from '#datasets/parse-mapping.ts';
import { previewSource } from '#datasets/preview-source.ts';
import { showImported } from '#datasets/show-imported.ts';
import { showInspection, showPreview, suggestName } from '#datasets/show-inspection.ts';
import { notFound } from '#store/not-found.ts';
import { getProject } from '#store/projects.ts';
import type { HandlersOf } from './handlers.ts';
import type { Services, TaskHandle } from './services.ts';

export const importsHandlers: HandlersOf<typeof importsRequests> = {
  'imports.inspect': async ({ projectId, files }, services) => {
    const { store } = services;
    if (!getProject(store, projectId)) throw notFound('project', projectId);
    const inspection = await inspectSource(pathsOf(services, files));
    return { ...showInspection(inspection), name: suggestName(store, projectId, inspection.files) };
  },
  'imports.preview': async ({ files, mapping }, services) =>
    showPreview(await previewSource({ paths: pathsOf(services, files), mapping: parseMapping(mapping) })),
  'imports.start': (input, services) => {
    const names = input.files.map((file) => basename(services.files.pathOf(file)));
    const title = names.length === 1 ? `Importing ${names[0]}` : `Importing ${names.length} files`;
    return services.tasks.run({ id: input.task, projectId: input.projectId, title, unit: 'rows' }, (task) =>
      importFiles(input, names, { services, task }),
    );
  },
  'imports.listWaiting': ({ projectId }, { waitingImports }) =>
    waitingImports.list(projectId).map(({ task, files, found }) => ({ task, files: [...files], badRows: found.count })),
  'imports.readBadRows': ({ task }, { waitingImports }) => {
    const { found, goodRows } = waitingImports.require(task);
    return { count: found.count, listed: [...found.listed], goodRows };
  },
  'imports.decide': ({ task, decision }, { waitingImports }) => {
    waitingImports.require(task).decide(decision);
    return undefined;
  },
  'imports.writeBadRows': ({ task }, { waitingImports }) => {
    const { found, files } = waitingImports.require(task);
    return { fileName: `${files[0] ?? 'import'} - rows to repair.csv`, csv: badRowsCsv(found.listed) };
  },
};

type StartInput = Parameters<(typeof importsHandlers)['imports.start']>[0];

interface Work {
  readonly services: Services;
  readonly task: TaskHandle;
}

async function importFiles(input: StartInput, names: readonly string[], { services, task }: Work): Promise<Imported> {
  const { projectId, files, into, again } = input;
  const { store, emit, waitingImports } = services;
  let rows = 0;
  const tellWaiting = (): void => {
    task.wait(waitingImports.list(projectId).some((waiting) => waiting.task === input.task));
    emit('imports.waitingChanged', { projectId });
  };
  try {
    const outcome = await importDataset(
      store,
      {
        paths: pathsOf(services, files),
        mapping: parseMapping(input.mapping),
        into: 'name' in into ? { projectId, name: into.name } : into,
        again,
        badRows: async (found) => {
          const decision = waitingImports.wait({ task: input.task, projectId, files: names, found, goodRows: rows });
          tellWaiting();
          const decided = await decision;
          waitingImports.forget(input.task);
          return decided;
        },
      },
      {
        signal: task.signal,
        onProgress: (progress) => {
          if (progress.stage === 'reading') rows = progress.rows;
          task.report({ done: progress.rows, share: progress.share, perSecond: progress.rowsPerSecond, msLeft: progress.msLeft });
        },
      },
    );
    for (const file of files) await services.files.release(file);
    emit('datasets.changed', { projectId });
    return showImported(outcome);
  } finally {
    waitingImports.forget(input.task);
    tellWaiting();
  }
}

function pathsOf({ files }: Services, references: readonly FileReference[]): string[] {
  return references.map((reference) => files.pathOf(reference));
}

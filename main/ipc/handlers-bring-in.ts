/** @file Answers the requests that bring something into a project. */
import { SettingsError } from '#contract/errors.ts';
import type { bringInRequests } from '#contract/bring-in.ts';
import { openRunSource } from '#exports/run-source.ts';
import { getChoices } from '#projects/choices.ts';
import { importAdapter } from '#projects/import-adapter.ts';
import { importRun } from '#projects/import-run.ts';
import { listAdapters } from '#store/adapters.ts';
import type { HandlersOf } from './handlers.ts';

export const bringInHandlers: HandlersOf<typeof bringInRequests> = {
  'adapters.import': async ({ projectId, folder, modelFolder, name }, { store, emit }) => {
    const modelDir = modelFolder ?? getChoices(store, projectId).modelFolder;
    if (modelDir === null) {
      throw new SettingsError('An adapter is checked against its base model. Choose the model in the Model step, or give its folder.', {
        field: 'model',
      });
    }
    const { adapter, notes } = await importAdapter(store, { projectId, adapterDir: folder, modelDir, name });
    emit('adapters.changed', { projectId });
    return { adapterId: adapter.id, name: adapter.name, notes: [...notes] };
  },
  'runs.import': async ({ projectId, folder, modelFolder, name }, { store, emit }) => {
    const source = await openRunSource(folder, modelFolder);
    const run = await importRun(store, { projectId, source, name });
    emit('runs.changed', { projectId });
    emit('adapters.changed', { projectId });
    const adapter = listAdapters(store, projectId).find(({ runId }) => runId === run.id);
    return { adapterId: adapter?.id ?? 0, name: run.name, notes: [] };
  },
};

/** @file Answers the requests about base models. */
import type { modelsRequests } from '#contract/models.ts';
import { chooseModel, forgetModel, inspectFolder, knownModels } from '#setup/models.ts';
import type { HandlersOf } from './handlers.ts';

export const modelsHandlers: HandlersOf<typeof modelsRequests> = {
  'models.list': (_input, { setup }) => knownModels(setup),
  'models.inspect': ({ folder }, { setup }) => inspectFolder(setup, folder),
  'models.choose': ({ projectId, folder }, { setup }) => chooseModel(setup, projectId, folder),
  'models.forget': ({ folder }, { setup }) => {
    forgetModel(setup, folder);
    return undefined;
  },
  'models.measureLengths': ({ projectId }, { setup }) => setup.lengths.measure(projectId),
  'models.stopMeasuring': ({ projectId }, { setup }) => {
    setup.lengths.stop(projectId);
    return undefined;
  },
};

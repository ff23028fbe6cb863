/** @file Answers the requests about files that a person hands over. */
import type { filesRequests } from '#contract/files.ts';
import type { HandlersOf } from './handlers.ts';

export const filesHandlers: HandlersOf<typeof filesRequests> = {
  'files.pick': async ({ purpose }, { desktop }) => {
    const paths = await desktop.pick(purpose);
    return { available: paths !== null, paths: [...(paths ?? [])] };
  },
  'files.pickTarget': async ({ fileName }, { desktop }) => {
    const paths = await desktop.pickTarget(fileName);
    return { available: paths !== null, paths: [...(paths ?? [])] };
  },
  'files.takeOpened': (_input, { files }) => ({ paths: [...files.takeOpened('dataset')] }),
  'files.discardUpload': async (reference, { files }) => {
    await files.release(reference);
    return undefined;
  },
};

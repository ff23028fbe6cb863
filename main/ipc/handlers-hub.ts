/** @file Answers the requests about models of the Hub. */
import type { hubRequests } from '#contract/hub.ts';
import type { HandlersOf } from './handlers.ts';

export const hubHandlers: HandlersOf<typeof hubRequests> = {
  'hub.getAccess': (_input, { setup: { downloads } }) => ({ url: downloads.url, offlineBecause: downloads.offlineBecause }),
  'hub.look': ({ id, revision = 'main' }, { setup }) => setup.downloads.look(id, revision),
  'hub.download': ({ id, commit }, { setup }) => setup.downloads.start(id, commit),
  'hub.stop': async ({ id }, { setup }) => {
    await setup.downloads.stop(id);
    return undefined;
  },
  'hub.discard': async ({ id }, { setup }) => {
    await setup.downloads.discard(id);
    return undefined;
  },
  'hub.listDownloads': (_input, { setup }) => setup.downloads.list(),
};

/** @file Which answers are old after which event; the one place where screens' data is kept fresh. */
import type { QueryClient } from '@tanstack/react-query';
import type { EventName, RequestName } from '#contract/index.ts';
import type { Client } from './client.ts';

const STALE_AFTER = {
  'projects.changed': ['projects.list', 'projects.describeContents'],
  'app.preferencesChanged': ['app.getPreferences', 'hub.getAccess'],
  'chats.changed': ['chats.list', 'chats.get', 'chats.getFeedback'],
  'playground.changed': ['playground.get'],
  'choices.changed': [
    'choices.get',
    'steps.list',
    'pairs.balance',
    'settings.check',
    'probePrompts.propose',
    'comparisons.listAnswers',
    'comparisons.getVoting',
  ],
  'adapters.changed': ['adapters.list', 'exports.listSources', 'playground.get', 'steps.list'],
  'engines.changed': ['engines.list'],
  'exports.changed': ['exports.list', 'exports.plan'],
  'models.changed': ['models.list'],
  'hub.changed': ['hub.listDownloads'],
  'runs.changed': [
    'runs.list',
    'runs.get',
    'runs.describeFiles',
    'runs.listHints',
    'runs.isQueueHeld',
    'adapters.list',
    'exports.listSources',
    'playground.get',
    'steps.list',
    'comparisons.get',
    'comparisons.read',
    'comparisons.findPartner',
  ],
  'datasets.changed': [
    'datasets.list',
    'datasets.listVersions',
    'chats.getFeedback',
    'probePrompts.propose',
    'steps.list',
    'projects.describeContents',
    'comparisons.get',
  ],
  'comparisons.changed': ['comparisons.get', 'comparisons.read', 'comparisons.listAnswers', 'comparisons.getVoting', 'steps.list'],
  'imports.waitingChanged': ['imports.listWaiting', 'imports.readBadRows'],
} as const satisfies Partial<Record<EventName, readonly RequestName[]>>;

/** @returns how to end it */
export function keepFresh(client: Client, queries: QueryClient): () => void {
  const ends = (Object.keys(STALE_AFTER) as (keyof typeof STALE_AFTER)[]).map((event) =>
    client.on(event, () => {
      for (const request of STALE_AFTER[event]) void queries.invalidateQueries({ queryKey: [request] });
    }),
  );
  // What was told while there was no connection is unknown, so everything is asked again.
  let wasLost = false;
  const unsubscribe = client.connection.subscribe(() => {
    const state = client.connection.current();
    if (state === 'open' && wasLost) void queries.invalidateQueries();
    wasLost = state === 'lost';
  });
  return () => [...ends, unsubscribe].forEach((end) => end());
}

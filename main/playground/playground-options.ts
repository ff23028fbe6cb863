/** @file How models are opened to chat with: what a person chose for all projects, kept in the store. */
import { PlaygroundOptions } from '#contract/playground.ts';
import { getSetting, setSetting } from '#store/settings.ts';
import type { Store } from '#store/store.ts';

const KEY = 'playground';

/** What another version saved and this one does not understand is as if it were not chosen. */
export function getPlaygroundOptions(store: Store): PlaygroundOptions {
  const saved = PlaygroundOptions.safeParse(getSetting(store, KEY) ?? {});
  return saved.success ? saved.data : PlaygroundOptions.parse({});
}

export function setPlaygroundOptions(store: Store, changes: Readonly<Record<string, unknown>>): PlaygroundOptions {
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  const options = PlaygroundOptions.parse({ ...getPlaygroundOptions(store), ...given });
  setSetting(store, KEY, options);
  return options;
}

/** @file What a person chose for all projects, kept in the store. */
import { Preferences } from '#contract/app.ts';
import { getSetting, setSetting } from '#store/settings.ts';
import type { Store } from '#store/store.ts';

const KEY = 'preferences';

/** What another version saved and this one does not understand is as if it were not chosen. */
export function getPreferences(store: Store): Preferences {
  const saved = Preferences.safeParse(getSetting(store, KEY) ?? {});
  return saved.success ? saved.data : Preferences.parse({});
}

export function setPreferences(store: Store, changes: Readonly<Record<string, unknown>>): Preferences {
  const preferences = Preferences.parse({ ...getPreferences(store), ...changes });
  setSetting(store, KEY, preferences);
  return preferences;
}

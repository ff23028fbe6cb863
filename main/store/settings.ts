/** @file The person's own settings: JSON by name. */
import { readJson, type JsonValue } from './json-column.ts';
import type { Store } from './store.ts';

/** Null if it was never set. */
export function getSetting(store: Store, key: string): JsonValue | null {
  const row = store.get('SELECT value FROM settings WHERE key = ?', [key]) as { readonly value: string } | undefined;
  return row ? readJson(row.value, `settings.${key}`) : null;
}

/** @param value - null takes the setting away */
export function setSetting(store: Store, key: string, value: JsonValue): void {
  store.write(() => {
    if (value === null) store.run('DELETE FROM settings WHERE key = ?', [key]);
    else {
      store.run('INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value', [
        key,
        JSON.stringify(value),
      ]);
    }
  });
}

export function listSettings(store: Store): Readonly<Record<string, JsonValue>> {
  const rows = store.all('SELECT key, value FROM settings ORDER BY key') as readonly { readonly key: string; readonly value: string }[];
  return Object.fromEntries(rows.map(({ key, value }) => [key, readJson(value, `settings.${key}`)]));
}

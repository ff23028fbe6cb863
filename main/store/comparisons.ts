/** @file What a person compares in a project. */
import { readJsonObject, type JsonObject } from './json-column.ts';
import type { Store } from './store.ts';

/** Null if nothing was chosen yet. */
export function getComparison(store: Store, projectId: number): JsonObject | null {
  const row = store.get('SELECT choices FROM comparisons WHERE project_id = ?', [projectId]) as { readonly choices: string } | undefined;
  return row ? readJsonObject(row.choices, 'comparisons.choices') : null;
}

export function saveComparison(store: Store, projectId: number, choices: JsonObject): void {
  store.write(() =>
    store.run(
      'INSERT INTO comparisons (project_id, choices) VALUES (?, ?) ON CONFLICT (project_id) DO UPDATE SET choices = excluded.choices',
      [projectId, JSON.stringify(choices)],
    ),
  );
}

/** @file A state that survives a reload of the page, and belongs to this tab alone: where a person is. */
import { useState } from 'react';

/** @param read - null for what can't be used any more @returns as useState does */
export function useKeptState<T extends string | number>(
  key: string,
  read: (text: string) => T | null,
): readonly [T | null, (value: T) => void] {
  const [value, setValue] = useState(() => read(sessionStorage.getItem(key) ?? ''));
  return [
    value,
    (next) => {
      sessionStorage.setItem(key, String(next));
      setValue(next);
    },
  ];
}

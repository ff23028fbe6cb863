/** @file A state that survives a reload of the page, and belongs to this tab alone: where a person is. */
import { useState } from 'react';

/** For another screen, which reads it when it is shown. */
export function keepState(key: string, value: string | number): void {
  sessionStorage.setItem(key, String(value));
}

/** @param read - null for what can't be used any more @returns as useState does */
export function useKeptState<T extends string | number>(
  key: string,
  read: (text: string) => T | null,
): readonly [T | null, (value: T) => void] {
  const [value, setValue] = useState(() => read(sessionStorage.getItem(key) ?? ''));
  return [
    value,
    (next) => {
      keepState(key, next);
      setValue(next);
    },
  ];
}

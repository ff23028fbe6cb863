/** @file How a screen opens the preferences, which belong to the frame around it. */
import { createContext, use } from 'react';

export const PreferencesOpener = createContext<() => void>(() => undefined);

export function useOpenPreferences(): () => void {
  return use(PreferencesOpener);
}

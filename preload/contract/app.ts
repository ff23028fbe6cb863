/** @file The program itself: what it is, how a person likes it, its folders and its log. */
import { z } from 'zod';
import { event, Nothing, request } from './define.ts';

export const Host = z.enum(['electron', 'browser']);
export type Host = z.infer<typeof Host>;

export const AppInfo = z.object({
  version: z.string(),
  host: Host,
  platform: z.string(),
  dataFolder: z.string(),
  logFile: z.string(),
  nodeVersion: z.string(),
  /** Null in a browser. */
  electronVersion: z.string().nullable(),
  /** The store was opened for reading only. */
  readOnly: z.boolean(),
});
export type AppInfo = z.infer<typeof AppInfo>;

export const Theme = z.enum(['auto', 'light', 'dark']);
export type Theme = z.infer<typeof Theme>;

/** What a person chose for all projects; every one has a default, so that older stores can be read. */
export const Preferences = z.object({
  theme: Theme.default('auto'),
  /** All settings of a run instead of the five that matter most. */
  showAdvancedSettings: z.boolean().default(false),
  /** No request leaves this machine, not even one that is asked for. */
  offline: z.boolean().default(false),
});
export type Preferences = z.infer<typeof Preferences>;

export const PreferenceChanges = z.object({
  theme: Theme.optional(),
  showAdvancedSettings: z.boolean().optional(),
  offline: z.boolean().optional(),
});

/** Where something lies, and whether the desktop's file manager (or editor) was told to show it: a browser host may have no desktop. */
export const Shown = z.object({ path: z.string(), shown: z.boolean() });
export type Shown = z.infer<typeof Shown>;

/** A package that Prospect contains. */
export const Licence = z.object({ name: z.string(), version: z.string(), licence: z.string(), text: z.string() });
export type Licence = z.infer<typeof Licence>;

/** What was chosen in the menu of the window, for the screens to do. */
export const MenuCommand = z.enum(['new-project', 'import', 'preferences', 'about']);
export type MenuCommand = z.infer<typeof MenuCommand>;

export const appRequests = {
  'app.getInfo': request(Nothing, AppInfo),
  'app.getPreferences': request(Nothing, Preferences),
  'app.setPreferences': request(PreferenceChanges, Preferences),
  'app.revealDataFolder': request(Nothing, Shown),
  'app.openLog': request(Nothing, Shown),
  'app.listLicences': request(Nothing, z.array(Licence)),
};

export const appEvents = {
  'app.preferencesChanged': event(Preferences),
  /** The machine went to sleep or woke up; only in Electron. */
  'app.powerChanged': event(z.object({ state: z.enum(['suspended', 'resumed']) })),
  'app.menuChosen': event(z.object({ command: MenuCommand })),
};

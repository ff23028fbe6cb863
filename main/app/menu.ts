/** @file The menu, with the accelerators that people know. */
import { Menu, type MenuItemConstructorOptions } from 'electron';
import type { MenuCommand } from '#contract/app.ts';

export interface MenuOptions {
  readonly platform: NodeJS.Platform;
  /** A development server serves the page: reload and developer tools are offered. */
  readonly isDevelopment: boolean;
  /** What the screens do. */
  readonly choose: (command: MenuCommand) => void;
  readonly openLog: () => void;
  readonly revealDataFolder: () => void;
}

export function setMenu(options: MenuOptions): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(options)));
}

export function menuTemplate({ platform, isDevelopment, choose, openLog, revealDataFolder }: MenuOptions): MenuItemConstructorOptions[] {
  const isMac = platform === 'darwin';
  const about: MenuItemConstructorOptions = { label: 'About Prospect', click: () => choose('about') };
  const preferences: MenuItemConstructorOptions = { label: 'Preferences…', accelerator: 'CmdOrCtrl+,', click: () => choose('preferences') };
  const separator: MenuItemConstructorOptions = { type: 'separator' };
  return [
    ...(isMac ? [macMenu([about, separator, preferences])] : []),
    {
      label: '&File',
      submenu: [
        { label: 'New Project…', accelerator: 'CmdOrCtrl+N', click: () => choose('new-project') },
        { label: 'Import…', accelerator: 'CmdOrCtrl+O', click: () => choose('import') },
        separator,
        ...(isMac ? [] : [preferences, separator]),
        isMac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    { role: 'editMenu' },
    { label: '&View', submenu: viewItems(isDevelopment) },
    { role: 'windowMenu' },
    {
      role: 'help',
      submenu: [
        { label: 'Open Log', click: openLog },
        { label: 'Show Data Folder', click: revealDataFolder },
        ...(isMac ? [] : [separator, about]),
      ],
    },
  ];
}

function macMenu(first: MenuItemConstructorOptions[]): MenuItemConstructorOptions {
  return {
    role: 'appMenu',
    submenu: [
      ...first,
      { type: 'separator' },
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      { type: 'separator' },
      { role: 'quit' },
    ],
  };
}

function viewItems(isDevelopment: boolean): MenuItemConstructorOptions[] {
  const development: MenuItemConstructorOptions[] = [{ role: 'reload' }, { role: 'toggleDevTools' }, { type: 'separator' }];
  return [
    ...(isDevelopment ? development : []),
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { type: 'separator' },
    { role: 'togglefullscreen' },
  ];
}

/** @file Electron if it can be had and seen, else the browser host, with the reason. */
import { hasDisplay } from '#host/has-display.ts';
import { findElectron, installElectron } from './electron-binary.ts';

export interface ChooseOptions {
  readonly wantsBrowser: boolean;
  /** Of the checkout. */
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly say: (line: string) => void;
  readonly install?: (root: string) => Promise<boolean>;
}

export type HostChoice =
  | { readonly kind: 'electron'; readonly path: string }
  /** One sentence; empty if the person asked for it. */
  | { readonly kind: 'browser'; readonly why: string };

export async function chooseHost({
  wantsBrowser,
  root,
  env,
  platform,
  say,
  install = installElectron,
}: ChooseOptions): Promise<HostChoice> {
  if (wantsBrowser) return { kind: 'browser', why: '' };
  if (!hasDisplay(platform, env)) return { kind: 'browser', why: 'There is no display.' };
  const found = findElectron(root, env);
  if (found !== null) return { kind: 'electron', path: found };
  say('Electron is fetched once, about 120 MB (npm start -- --browser does without) …');
  const path = (await install(root)) ? findElectron(root, env) : null;
  return path === null ? { kind: 'browser', why: "Electron's program could not be fetched." } : { kind: 'electron', path };
}

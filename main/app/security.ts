/** @file What no page may do, whatever gets into it: go elsewhere, open windows, ask for devices, or reach the network. */
import { app, session, shell, type WebContents } from 'electron';
import type { Logger } from '#ipc/services.ts';
import { confirmLink } from './dialogs.ts';

/** To put text on the clipboard is all that a page may do beyond its own. */
const ALLOWED_PERMISSIONS: readonly string[] = ['clipboard-sanitized-write'];
const OWN_SCHEMES = ['app:', 'blob:', 'data:', 'devtools:'];

export interface SecurityOptions {
  /** The page's, and with a development server that one's. */
  readonly origins: readonly string[];
  readonly logger: Logger;
}

/** Has to be called before the first window is made. */
export function forbidEverythingElse({ origins, logger }: SecurityOptions): void {
  app.on('web-contents-created', (_event, contents) => keepInside(contents, origins, logger));
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((_contents, permission, answer) => answer(ALLOWED_PERMISSIONS.includes(permission)));
  defaultSession.setPermissionCheckHandler((_contents, permission) => ALLOWED_PERMISSIONS.includes(permission));
  defaultSession.setDevicePermissionHandler(() => false);
  defaultSession.webRequest.onBeforeRequest(({ url }, answer) => {
    const cancel = !isInside(url, origins);
    if (cancel) logger.warn(`A request to ${hostOf(url)} was stopped.`);
    answer({ cancel });
  });
}

function keepInside(contents: WebContents, origins: readonly string[], logger: Logger): void {
  contents.on('will-navigate', (event) => {
    if (!origins.includes(originOf(event.url))) event.preventDefault();
  });
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    if (url.startsWith('https://')) void openOutside(url, logger);
    return { action: 'deny' };
  });
}

/** In the person's browser, when they say so: a link can carry what it is not supposed to. */
async function openOutside(url: string, logger: Logger): Promise<void> {
  if (!(await confirmLink(url))) return;
  logger.info(`Opened ${hostOf(url)} in the browser.`);
  await shell.openExternal(url);
}

function isInside(url: string, origins: readonly string[]): boolean {
  const parsed = URL.parse(url);
  if (!parsed) return false;
  return OWN_SCHEMES.includes(parsed.protocol) || origins.some((origin) => sameHost(parsed, origin));
}

/** A development server tells of changes over ws://. */
function sameHost({ host, protocol }: URL, origin: string): boolean {
  return origin.startsWith('http://') && URL.parse(origin)?.host === host && ['http:', 'ws:'].includes(protocol);
}

/** Of schemes that Node does not know as standard, too, for which URL says "null". */
function originOf(url: string): string {
  const parsed = URL.parse(url);
  return parsed ? `${parsed.protocol}//${parsed.host}` : '';
}

function hostOf(url: string): string {
  return URL.parse(url)?.host ?? 'an address that is none';
}

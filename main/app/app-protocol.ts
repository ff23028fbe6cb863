/** @file app://prospect/, the address of the window's page: only files of the build, with the page's policy. */
import { protocol } from 'electron';
import { answerWindowRequest, type WindowFiles } from '#host/window-files.ts';

const SCHEME = 'app';
const HOST = 'prospect';
export const APP_ORIGIN = `${SCHEME}://${HOST}`;

/** Has to be called before the app is ready. */
export function declareAppScheme(): void {
  // Standard and secure: it has an origin of its own, like a site over https, and may keep compiled code.
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

export function serveAppScheme(files: WindowFiles): void {
  protocol.handle(SCHEME, async ({ url, method }) => {
    const { host, pathname } = new URL(url);
    if (host !== HOST || method !== 'GET') return new Response(null, { status: 404 });
    const { status, headers, body } = await answerWindowRequest(files, pathname, []);
    return new Response(body, { status, headers });
  });
}

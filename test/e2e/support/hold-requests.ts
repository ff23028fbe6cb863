/** @file Stands between a page and the host: lets requests wait for ever, or fails them, so that a screen shows what it shows then. */
import type { Page } from 'playwright-core';

/** `wait`: no answer comes. `fail`: main says that it can't. */
export type Fate = 'wait' | 'fail';

/** What the frame around the screens asks, without which there is no screen. */
const FRAME = new Set(['projects.list', 'app.getPreferences', 'steps.list', 'tasks.list']);
const ERROR = {
  code: 'store',
  message: 'The store can’t be read, because its disk is gone. Connect it, and start Prospect again.',
  details: {},
};

/** To be called before the page is loaded. */
export async function holdRequests(page: Page, fate: Fate): Promise<void> {
  await page.routeWebSocket(/\/socket$/, (toPage) => {
    const toHost = toPage.connectToServer();
    toPage.onMessage((text) => {
      const message = JSON.parse(String(text)) as { readonly type: string; readonly id?: number; readonly name?: string };
      if (message.type !== 'request' || FRAME.has(message.name ?? '')) toHost.send(text);
      else if (fate === 'fail') toPage.send(JSON.stringify({ type: 'answer', id: message.id, result: { ok: false, error: ERROR } }));
    });
  });
}

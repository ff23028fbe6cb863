/** @file The only place where Electron's messages come in: from our own page's main frame, or not at all. */
import { ipcMain, type IpcMainInvokeEvent } from 'electron';
import { CHANNELS } from '#contract/channels.ts';
import { InternalError } from '#contract/errors.ts';
import { fail } from '#contract/result.ts';
import type { Dispatch } from './dispatch.ts';
import type { Logger } from './services.ts';

export interface RegisterOptions {
  readonly dispatch: Dispatch;
  /** Of the window's page, such as `app://prospect`. */
  readonly origin: string;
  readonly logger: Logger;
}

export function registerIpc({ dispatch, origin, logger }: RegisterOptions): void {
  ipcMain.handle(CHANNELS.request, (event, message: unknown) => {
    if (isOurPage(event, origin)) return dispatch(message);
    logger.warn(`A message from ${event.senderFrame?.origin ?? 'a frame that is gone'} was refused.`);
    return fail(new InternalError('This page may not ask anything of Prospect.'));
  });
}

/** `senderFrame` is null once the frame has navigated or gone; then nobody knows who asked. */
function isOurPage({ senderFrame }: IpcMainInvokeEvent, origin: string): boolean {
  return senderFrame !== null && senderFrame.origin === origin && senderFrame.parent === null;
}

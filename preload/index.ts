/** @file The only thing an Electron window has that a page of the web has not: requests, events, and the paths of dropped files. */
import { contextBridge, ipcRenderer, webUtils, type IpcRendererEvent } from 'electron';
import { CHANNELS } from '#contract/channels.ts';
import type { EventName } from '#contract/index.ts';
import type { Result } from '#contract/result.ts';
import type { WindowApi } from '#contract/window-api.ts';

interface EventMessage {
  readonly name: EventName;
  readonly payload: unknown;
}

const api: WindowApi = {
  host: 'electron',
  request: (name, input) => ipcRenderer.invoke(CHANNELS.request, { name, input }) as Promise<Result<unknown>>,
  on(listener) {
    const onMessage = (_event: IpcRendererEvent, { name, payload }: EventMessage): void => listener(name, payload);
    ipcRenderer.on(CHANNELS.event, onMessage);
    return () => void ipcRenderer.off(CHANNELS.event, onMessage);
  },
  pathsOfDroppedFiles: (files) => files.map((file) => webUtils.getPathForFile(file as Parameters<typeof webUtils.getPathForFile>[0])),
};

contextBridge.exposeInMainWorld('api', api);

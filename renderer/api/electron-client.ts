/** @file The way to main in an Electron window: what the preload file exposes. */
import { StorageError } from '#contract/errors.ts';
import type { RequestName, RequestOutput } from '#contract/index.ts';
import { unwrap, type Result } from '#contract/result.ts';
import type { WindowApi } from '#contract/window-api.ts';
import type { Client } from './client.ts';
import { createListeners } from './listeners.ts';

export function electronClient(api: WindowApi): Client {
  const listeners = createListeners();
  api.on((name, payload) => listeners.tell(name, payload));
  return {
    host: 'electron',
    connection: { current: () => 'open', subscribe: () => () => undefined },
    request: async <N extends RequestName>(name: N, ...[input]: readonly unknown[]) =>
      unwrap((await api.request(name, input)) as Result<RequestOutput<N>>),
    on: (name, listener) => listeners.on(name, listener),
    handOver(file) {
      const [path = ''] = api.pathsOfDroppedFiles([file]);
      if (path !== '') return Promise.resolve({ path });
      return Promise.reject(new StorageError(`${file.name} is not a file on this disk. Save it first, then drop it.`, { file: file.name }));
    },
  };
}

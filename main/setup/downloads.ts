/** @file Downloads from the Hub: one at a time each, what came of them kept for the next time, and a model only when all of it is there. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, CancelledError, OutputBusyError, StorageError } from '#contract/errors.ts';
import type { HubDownload, HubModel } from '#contract/hub.ts';
import { parseModelConfig } from '#engine/model/parse-model-config.ts';
import { checkFreeSpace, freeBytesOf } from '#io/check-free-space.ts';
import { downloadFile } from '#io/hub/download-file.ts';
import { lookUpModel, type HubListing } from '#io/hub/look-up-model.ts';
import {
  beginPartial,
  discardPartial,
  filesFolder,
  finishPartial,
  folderNameOf,
  listPartials,
  partialBytes,
  partialFolder,
  type DownloadList,
} from '#io/hub/partial-download.ts';
import { readJsonFile } from '#io/read-json-file.ts';
import { toStoredPath } from '#store/data-folder.ts';
import { saveStoredFiles } from '#store/stored-files.ts';
import { inspectFolder, rememberModel } from './models.ts';
import type { SetupSurroundings } from './surroundings.ts';

/** Four times a second is as often as a number can be read. */
const TELL_INTERVAL_MS = 250;
/** Speed over the last seconds. */
const SPEED_WINDOW_MS = 4000;

interface Running {
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

export class Downloads {
  readonly #around: SetupSurroundings;
  readonly #isOffline: () => boolean;
  readonly #states = new Map<string, HubDownload>();
  readonly #running = new Map<string, Running>();
  #toldMs = -Infinity;
  #isLoaded = false;

  /** @param isOffline - what the person prefers */
  constructor(around: SetupSurroundings, isOffline: () => boolean) {
    this.#around = around;
    this.#isOffline = isOffline;
  }

  /** Why the Hub may not be asked; null if it may. */
  get offlineBecause(): string | null {
    if (this.#around.hub.forbidden !== null) return this.#around.hub.forbidden;
    return this.#isOffline() ? 'Offline mode is on, so Prospect does not use the network. Switch it off to download models.' : null;
  }

  get url(): string {
    return this.#around.hub.url;
  }

  /** @throws {StorageError} with what to do */
  async look(id: string, revision: string): Promise<HubModel> {
    const listing = await this.#lookUp(id, revision);
    const { root, models } = this.#around.store.folder;
    const bytes = listing.files.reduce((sum, file) => sum + file.bytes, 0);
    return {
      ...listing,
      files: listing.files.map(({ path, bytes: size }) => ({ path, bytes: size })),
      bytes,
      folder: join(models, folderNameOf(id)),
      freeBytes: await freeBytesOf(root),
    };
  }

  async list(): Promise<HubDownload[]> {
    if (!this.#isLoaded) {
      this.#isLoaded = true;
      for (const list of await listPartials(this.#folder)) {
        if (this.#states.has(list.id)) continue;
        this.#states.set(list.id, { ...stateOf(list), bytesDone: await partialBytes(partialFolder(this.#folder, list.id), list) });
      }
    }
    return [...this.#states.values()];
  }

  /** @returns when it has begun @throws {AppError} if it can't */
  async start(id: string, commit: string): Promise<HubDownload> {
    if (this.#running.has(id)) throw new OutputBusyError(`${id} is being downloaded already.`, { folder: this.#folder });
    const stop = new AbortController();
    const claimed = Promise.withResolvers<void>();
    // Claimed before the first wait: two windows may press the button.
    this.#running.set(id, { stop, ended: claimed.promise });
    try {
      const listing = await this.#lookUp(id, commit, stop.signal);
      if (listing.problem !== null) throw new StorageError(listing.problem, { file: id });
      const list: DownloadList = { id, commit: listing.commit, files: [...listing.files] };
      const partial = partialFolder(this.#folder, id);
      await beginPartial(partial, list);
      const bytesDone = await partialBytes(partial, list);
      const state: HubDownload = { ...stateOf(list), state: 'running', bytesDone };
      await checkFreeSpace({ folder: partial, neededBytes: state.bytesTotal - bytesDone, purpose: `Downloading ${id}` });
      this.#set(state, true);
      void this.#run(list, stop.signal).finally(claimed.resolve);
      return state;
    } catch (error) {
      this.#running.delete(id);
      claimed.resolve();
      throw error;
    }
  }

  /** What came stays. Returns when nothing of it runs any more. */
  async stop(id: string): Promise<void> {
    const running = this.#running.get(id);
    running?.stop.abort();
    await running?.ended;
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((id) => this.stop(id)));
  }

  async discard(id: string): Promise<void> {
    await this.stop(id);
    await discardPartial(partialFolder(this.#folder, id));
    this.#states.delete(id);
    this.#tell();
  }

  get #folder(): string {
    return join(this.#around.dataDir, 'downloads');
  }

  async #lookUp(id: string, revision: string, signal?: AbortSignal): Promise<HubListing> {
    const offline = this.offlineBecause;
    if (offline !== null) throw new StorageError(offline, { file: id });
    this.#around.logger.info(`Asked ${this.url} for ${id}.`);
    return lookUpModel({ url: this.url, id, revision, ...(signal ? { signal } : {}) });
  }

  async #run(list: DownloadList, signal: AbortSignal): Promise<void> {
    const { id } = list;
    const endActivity = this.#around.activity.begin(`The download of ${id}`);
    try {
      const folder = await this.#fetchAll(list, signal);
      this.#update(id, { state: 'done', file: null, folder, bytesPerSecond: 0 });
    } catch (error) {
      const isStopped = error instanceof CancelledError;
      const message = error instanceof AppError ? error.message : `Something went wrong inside Prospect (${String(error)}).`;
      if (!isStopped) this.#around.logger.error(`The download of ${id} failed.`, error);
      this.#update(id, { state: isStopped ? 'stopped' : 'failed', message: isStopped ? null : message, file: null, bytesPerSecond: 0 });
    } finally {
      this.#running.delete(id);
      endActivity();
      this.#tell();
    }
  }

  /** @returns the model's folder */
  async #fetchAll(list: DownloadList, signal: AbortSignal): Promise<string> {
    const { id, commit, files } = list;
    const partial = partialFolder(this.#folder, id);
    const speed = new Speed();
    let before = 0;
    for (const file of files) {
      const at = join(filesFolder(partial), file.path);
      await downloadFile({
        url: `${this.url}/${id}/resolve/${commit}/${file.path.split('/').map(encodeURIComponent).join('/')}`,
        expected: file,
        path: at,
        signal,
        onProgress: (bytes) =>
          this.#update(id, { bytesDone: before + bytes, file: file.path, bytesPerSecond: speed.at(before + bytes) }, false),
      });
      before += file.bytes;
      // Before its weights are fetched: a model that can't be trained is of no use.
      if (file.path === 'config.json') parseModelConfig(await readJsonFile(at), `${id}/config.json`);
    }
    const folder = await finishPartial(partial, list, this.#around.store.folder.models);
    await this.#remember(folder, list);
    return folder;
  }

  async #remember(folder: string, { id, files }: DownloadList): Promise<void> {
    const { store } = this.#around;
    const report = await inspectFolder(this.#around, folder);
    const model = rememberModel(this.#around, report);
    const stored = await Promise.all(
      files.map(async ({ path, sha256 }) => {
        const at = join(folder, path);
        return { path: toStoredPath(store.folder, at), sha256, bytes: (await stat(at)).size };
      }),
    );
    saveStoredFiles(store, { kind: 'model', id: model.id }, stored);
    this.#around.logger.info(`${id} was downloaded to ${folder}.`);
  }

  #update(id: string, change: Partial<HubDownload>, isNews = true): void {
    const before = this.#states.get(id);
    if (before) this.#set({ ...before, ...change }, isNews);
  }

  #set(state: HubDownload, isNews: boolean): void {
    this.#states.set(state.id, state);
    if (isNews || performance.now() - this.#toldMs >= TELL_INTERVAL_MS) this.#tell();
  }

  #tell(): void {
    this.#toldMs = performance.now();
    this.#around.emit('hub.changed', { downloads: [...this.#states.values()] });
  }
}

function stateOf({ id, commit, files }: DownloadList): HubDownload {
  const bytesTotal = files.reduce((sum, { bytes }) => sum + bytes, 0);
  return { id, commit, state: 'stopped', bytesDone: 0, bytesTotal, bytesPerSecond: 0, file: null, message: null, folder: null };
}

class Speed {
  readonly #marks: (readonly [ms: number, bytes: number])[] = [];

  /** @returns bytes a second over the last seconds */
  at(bytes: number): number {
    const now = performance.now();
    this.#marks.push([now, bytes]);
    while ((this.#marks[0]?.[0] ?? now) < now - SPEED_WINDOW_MS) this.#marks.shift();
    const [firstMs, firstBytes] = this.#marks[0] ?? [now, bytes];
    return now === firstMs ? 0 : Math.max(0, ((bytes - firstBytes) / (now - firstMs)) * 1000);
  }
}

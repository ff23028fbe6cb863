/** @file Opens an archive that comes from anywhere: its list of entries is checked before a byte of them is unpacked. */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { open as openZip, type Entry, type ZipFile } from 'yauzl';
import { AppError, CancelledError, FormatError } from '#contract/errors.ts';
import { asStorageError, systemErrorCode } from '#io/as-storage-error.ts';
import { entryPlace } from './entry-name.ts';
import { ARCHIVE_FORMAT, ARCHIVE_VERSION, Manifest, MANIFEST, ManifestHead } from './manifest.ts';

/** More than any project has; a list that is longer than memory is not read to its end. */
const MAX_ENTRIES = 200_000;
const MAX_MANIFEST_BYTES = 128 * 2 ** 20;
/** Rows of one text again and again are packed to a hundredth; a file that is made to fill disks, to a thousandth. */
const MAX_RATIO = 250;
/** Below this no ratio does harm. */
const FREE_BYTES = 64 * 2 ** 20;
/** Unix says of an entry what it is in the upper half of its attributes. */
const [FILE_TYPE, REGULAR] = [0o170000, 0o100000];
const LOCAL_HEADER_BYTES = 30;
/** Stored and deflated. */
const METHODS: ReadonlySet<number> = new Set([0, 8]);

export interface Archive {
  readonly manifest: Manifest;
  /** Of all entries, unpacked. */
  readonly bytes: number;
  /**
   * The bytes of an entry, which are those of the manifest: else the last of them is followed by an error.
   * @throws {FormatError | CancelledError}
   */
  readonly read: (name: string, signal?: AbortSignal) => AsyncGenerator<Buffer, void, undefined>;
  readonly close: () => void;
}

/** @throws {FormatError} if it is no archive, a newer one, or not what it says @throws {StorageError} if it can't be read */
export async function openArchive(file: string): Promise<Archive> {
  const refuse = (why: string): FormatError => new FormatError(`${basename(file)} can not be brought in: ${why}`, { file });
  let zip: ZipFile | null = null;
  try {
    zip = await openFile(file);
    const opened = zip;
    const entries = await readEntries(opened, refuse);
    const manifest = await readManifest(opened, entries.get(MANIFEST), refuse);
    const bytes = checkEntries(entries, manifest, { fileSize: opened.fileSize, refuse });
    const hashes = new Map(manifest.entries.map(({ name, sha256 }) => [name, sha256]));
    return {
      manifest,
      bytes,
      read: (name, signal) => {
        const entry = entries.get(name);
        if (!entry) throw refuse(`it has no ${name}.`);
        return contentOf(opened, entry, { sha256: hashes.get(name) ?? '', signal, refuse });
      },
      close: () => opened.close(),
    };
  } catch (error) {
    zip?.close();
    if (error instanceof AppError) throw error;
    if (systemErrorCode(error) !== null) throw asStorageError(error, 'read', file);
    throw new FormatError(`${basename(file)} is not an archive of Prospect, or it is damaged. Get it again.`, { file }, { cause: error });
  }
}

type Refuse = (why: string) => FormatError;

function openFile(file: string): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    openZip(file, { lazyEntries: true, autoClose: false, strictFileNames: true, validateEntrySizes: true }, (error, zip) => {
      if (error) reject(error);
      else resolve(zip);
    });
  });
}

function readEntries(zip: ZipFile, refuse: Refuse): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  // Some systems take names that differ in case alone for one.
  const names = new Set<string>();
  return new Promise((resolve, reject) => {
    if (zip.entryCount > MAX_ENTRIES) reject(refuse(`it has ${zip.entryCount} entries, more than ${MAX_ENTRIES}.`));
    zip.on('error', reject);
    zip.on('end', () => resolve(entries));
    zip.on('entry', (entry: Entry) => {
      const why = entries.size >= MAX_ENTRIES ? 'it has too many entries.' : problemOf(entry, names);
      if (why !== null) {
        reject(refuse(why));
        return;
      }
      entries.set(entry.fileName, entry);
      names.add(entry.fileName.toLowerCase());
      zip.readEntry();
    });
    zip.readEntry();
  });
}

function problemOf(entry: Entry, others: ReadonlySet<string>): string | null {
  const name = JSON.stringify(entry.fileName).slice(0, 200);
  const type = (entry.externalFileAttributes >>> 16) & FILE_TYPE;
  if (entryPlace(entry.fileName) === null) return `it has an entry called ${name}, which no archive of Prospect has.`;
  if (others.has(entry.fileName.toLowerCase())) return `it has ${name} twice.`;
  if (type !== 0 && type !== REGULAR) return `${name} is a link or something else that is no file.`;
  if (entry.isEncrypted()) return `${name} is encrypted.`;
  if (!METHODS.has(entry.compressionMethod)) return `${name} is packed in a way that is not known.`;
  return null;
}

async function readManifest(zip: ZipFile, entry: Entry | undefined, refuse: Refuse): Promise<Manifest> {
  if (!entry) throw refuse(`it has no ${MANIFEST}, so it is not an archive of Prospect.`);
  if (entry.uncompressedSize > MAX_MANIFEST_BYTES) throw refuse(`its ${MANIFEST} is too large.`);
  const chunks: Buffer[] = [];
  for await (const chunk of contentOf(zip, entry, { sha256: null, signal: undefined, refuse })) chunks.push(chunk);
  const value = parseJson(Buffer.concat(chunks), refuse);
  const head = ManifestHead.safeParse(value);
  if (!head.success) throw refuse(`its ${MANIFEST} is not that of ${ARCHIVE_FORMAT}.`);
  if (head.data.version > ARCHIVE_VERSION) {
    throw refuse(
      `it was made by a newer Prospect (version ${head.data.version} of the format; this one reads ${ARCHIVE_VERSION}). Update Prospect.`,
    );
  }
  const manifest = Manifest.safeParse(value);
  if (manifest.success) return manifest.data;
  throw refuse(`its ${MANIFEST} is damaged at ${manifest.error.issues[0]?.path.join('.') || 'its beginning'}.`);
}

function parseJson(bytes: Buffer, refuse: Refuse): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw refuse(`its ${MANIFEST} is no JSON.`);
  }
}

/** @returns the bytes of all entries */
function checkEntries(
  entries: ReadonlyMap<string, Entry>,
  manifest: Manifest,
  { fileSize, refuse }: { readonly fileSize: number; readonly refuse: Refuse },
): number {
  if (manifest.entries.length !== entries.size - 1) {
    throw refuse(`its ${MANIFEST} lists ${manifest.entries.length} entries, but it has ${entries.size - 1} others.`);
  }
  let bytes = 0;
  for (const { name, bytes: said } of manifest.entries) {
    const entry = name === MANIFEST ? undefined : entries.get(name);
    if (!entry) throw refuse(`${JSON.stringify(name).slice(0, 200)} is listed and not there.`);
    if (entry.uncompressedSize !== said) throw refuse(`${name} should have ${said} bytes, and has ${entry.uncompressedSize}.`);
    bytes += said;
  }
  if (new Set(manifest.entries.map(({ name }) => name)).size !== manifest.entries.length) throw refuse('it lists an entry twice.');
  if (bytes > FREE_BYTES && bytes > fileSize * MAX_RATIO) {
    throw refuse(`${fileSize} bytes would become ${bytes}, which no real project does.`);
  }
  refuseOverlaps([...entries.values()], refuse);
  return bytes;
}

/** Entries that share their packed bytes make much of little. */
function refuseOverlaps(entries: readonly Entry[], refuse: Refuse): void {
  const sorted = [...entries].sort((a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader);
  let end = 0;
  for (const { fileName, relativeOffsetOfLocalHeader: start, fileNameLength, compressedSize } of sorted) {
    if (start < end) throw refuse(`${fileName} lies over another entry.`);
    end = start + LOCAL_HEADER_BYTES + fileNameLength + compressedSize;
  }
}

async function* contentOf(
  zip: ZipFile,
  entry: Entry,
  { sha256, signal, refuse }: { readonly sha256: string | null; readonly signal: AbortSignal | undefined; readonly refuse: Refuse },
): AsyncGenerator<Buffer, void, undefined> {
  const hash = createHash('sha256');
  let stream: Readable | null = null;
  try {
    stream = await openEntry(zip, entry);
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      if (signal?.aborted) throw new CancelledError();
      hash.update(chunk);
      yield chunk;
    }
  } catch (error) {
    if (error instanceof AppError || systemErrorCode(error) !== null) throw error;
    throw refuse(`${entry.fileName} is damaged.`);
  } finally {
    stream?.destroy();
  }
  if (sha256 !== null && hash.digest('hex') !== sha256)
    throw refuse(`${entry.fileName} is not what was packed: it was changed or damaged.`);
}

function openEntry(zip: ZipFile, entry: Entry): Promise<Readable> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error) reject(error);
      else resolve(stream);
    });
  });
}

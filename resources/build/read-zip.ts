/** @file Reads single files of a zip archive of any size, without unpacking the rest. Only what Python wheels use: stored or deflated, below 4 GiB. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { createInflateRaw } from 'node:zlib';

const END_SIGNATURE = 0x06054b50;
const ENTRY_SIGNATURE = 0x02014b50;
const LOCAL_SIGNATURE = 0x04034b50;
const LOCAL_BYTES = 30;
const ENTRY_BYTES = 46;
const END_BYTES = 22;
/** A comment of 64 KiB may stand after the end record. */
const LONGEST_END = END_BYTES + 0xffff;
const STORED = 0;
const DEFLATED = 8;

export interface ZipEntry {
  readonly method: number;
  readonly compressedBytes: number;
  /** Of the entry's own header, from the start of the file. */
  readonly offset: number;
}

export interface ZipFile {
  readonly file: string;
  readonly entries: ReadonlyMap<string, ZipEntry>;
  /** The file's bytes, unpacked. */
  read(entry: ZipEntry): Promise<Readable>;
  close(): Promise<void>;
}

/** @throws {Error} if the file can't be opened, or is no whole zip archive */
export async function openZip(file: string): Promise<ZipFile> {
  const handle = await open(file);
  try {
    const entries = await readDirectory(handle, file);
    return { file, entries, read: (entry) => readEntry(handle, file, entry), close: () => handle.close() };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** The list of files stands at the end. */
async function readDirectory(handle: FileHandle, file: string): Promise<Map<string, ZipEntry>> {
  const { size } = await handle.stat();
  const tail = await bytesAt(handle, Math.max(0, size - LONGEST_END), Math.min(size, LONGEST_END));
  const end = tail.lastIndexOf(Buffer.from(Uint32Array.of(END_SIGNATURE).buffer));
  if (end < 0 || end + END_BYTES > tail.length) throw new Error(`${file} is not a whole zip archive (a wheel is one). Download it again.`);
  const directory = await bytesAt(handle, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12));
  const entries = new Map<string, ZipEntry>();
  for (let at = 0; at + ENTRY_BYTES <= directory.length && directory.readUInt32LE(at) === ENTRY_SIGNATURE;) {
    const [name, extra, comment] = [28, 30, 32].map((field) => directory.readUInt16LE(at + field)) as [number, number, number];
    entries.set(directory.toString('utf8', at + ENTRY_BYTES, at + ENTRY_BYTES + name), {
      method: directory.readUInt16LE(at + 10),
      compressedBytes: directory.readUInt32LE(at + 20),
      offset: directory.readUInt32LE(at + 42),
    });
    at += ENTRY_BYTES + name + extra + comment;
  }
  return entries;
}

async function readEntry(handle: FileHandle, file: string, { method, compressedBytes, offset }: ZipEntry): Promise<Readable> {
  const header = await bytesAt(handle, offset, LOCAL_BYTES);
  const isWhole = header.length === LOCAL_BYTES && header.readUInt32LE(0) === LOCAL_SIGNATURE;
  if (!isWhole || (method !== STORED && method !== DEFLATED))
    throw new Error(`${file} is damaged, or packed in a way that is not known here.`);
  if (compressedBytes === 0) return Readable.from([]);
  const start = offset + LOCAL_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
  const source = createReadStream(file, { start, end: start + compressedBytes - 1 });
  // An error of either stream reaches the reader of the last one.
  return method === STORED ? source : pipeline(source, createInflateRaw(), () => undefined);
}

async function bytesAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

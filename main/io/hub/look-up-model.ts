/** @file What a model of the Hub consists of, now. */
import { z } from 'zod';
import { hubError } from './hub-error.ts';
import { missingParts, wantedFiles, type RepositoryFile } from './wanted-files.ts';

/** A repository of shards has some hundred files; more is not a model. */
const MAX_FILES = 20_000;
/** The Hub answers in a second; a proxy that swallows everything never does. */
const TIMEOUT_MS = 20_000;

export interface HubListing {
  readonly id: string;
  readonly commit: string;
  readonly files: readonly RepositoryFile[];
  /** Files that are of no use here. */
  readonly otherFiles: number;
  readonly licence: string | null;
  readonly problem: string | null;
}

export interface LookUpOptions {
  /** Address of the Hub. */
  readonly url: string;
  readonly id: string;
  readonly revision: string;
  readonly signal?: AbortSignal;
}

const Info = z.object({ sha: z.string().regex(/^[0-9a-f]{40}$/), tags: z.array(z.string()).optional(), gated: z.unknown() });

/** @throws {StorageError} with what to do, if the Hub can't be reached or does not know the model */
export async function lookUpModel({ url, id, revision, signal }: LookUpOptions): Promise<HubListing> {
  // Only who asks the Hub waits for its library.
  const { listFiles, modelInfo } = await import('@huggingface/hub');
  const limit = AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), ...(signal ? [signal] : [])]);
  // An answer names the address of its next page: it may not lead elsewhere.
  const ask: typeof fetch = (input, init) =>
    new URL(input instanceof Request ? input.url : input).origin === new URL(url).origin
      ? fetch(input, { ...init, signal: limit })
      : Promise.reject(new Error('it named an address elsewhere'));
  try {
    const info = Info.parse(await modelInfo({ name: id, revision, hubUrl: url, additionalFields: ['sha', 'tags'], fetch: ask }));
    const found: RepositoryFile[] = [];
    for await (const { type, path, size, oid, lfs } of listFiles({
      repo: id,
      recursive: true,
      revision: info.sha,
      hubUrl: url,
      fetch: ask,
    })) {
      if (found.length >= MAX_FILES) break;
      if (type === 'file') found.push({ path, bytes: lfs?.size ?? size, sha256: lfs?.oid ?? null, gitHash: lfs ? null : (oid ?? null) });
    }
    const files = wantedFiles(found);
    const tag = info.tags?.find((name) => name.startsWith('license:'));
    return {
      id,
      commit: info.sha,
      files,
      otherFiles: found.length - files.length,
      licence: tag?.slice('license:'.length) ?? null,
      problem: missingParts(found, id),
    };
  } catch (error) {
    throw hubError(error, `look up ${id}`, url);
  }
}

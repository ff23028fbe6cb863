/** @file The file of converted weights: what it promises in its metadata, and whether that still holds. */
import { AppError } from '#contract/errors.ts';
import { locateTensor } from '#io/safetensors/read-tensor.ts';
import { readSafetensorsHeader } from '#io/safetensors/read-header.ts';
import type { MappedWeight } from '#io/weight-range.ts';
import type { FloatWeight } from './convert-weights.ts';

/** Increase it when converted files would come out differently: older ones are then made anew. */
const CACHE_VERSION = '1';

export interface CacheFile {
  readonly path: string;
  readonly modelHash: string;
  /** The weights it was, or will be, made from. */
  readonly weights: ReadonlyMap<string, FloatWeight>;
}

export function cacheMetadata({ modelHash }: CacheFile): Readonly<Record<string, string>> {
  return { format: 'pt', model: modelHash, version: CACHE_VERSION };
}

/** @returns null if the file is missing, cut off, of an older version, or not what these weights become */
export async function readCacheFile(cache: CacheFile): Promise<ReadonlyMap<string, MappedWeight> | null> {
  try {
    const header = await readSafetensorsHeader(cache.path);
    const promised = cacheMetadata(cache);
    if (Object.keys(promised).some((key) => header.metadata[key] !== promised[key])) return null;
    for (const [name, weight] of cache.weights) {
      const entry = header.tensors.get(name);
      if (entry?.dtype !== 'F32' || entry.shape.join() !== weight.shape.join()) return null;
    }
    return new Map([...cache.weights.keys()].map((name) => [name, { ...locateTensor(header, name), dtype: 'F32' }]));
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

/**
 * @file Reference log-probabilities of all runs on a machine, by model (and initial adapter) and by the tokens of prompt and completion: a later run on
 * the same rows, with either method and in whatever pairing, does not compute them again.
 */
import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '#contract/errors.ts';
import type { Completion, KnownLogProbs } from '#engine/train/reference-pass.ts';
import { asStorageError } from '#io/as-storage-error.ts';
import { readSafetensorsHeader } from '#io/safetensors/read-header.ts';
import { locateTensor, readTensorAsFloat32, readTensorBytes } from '#io/safetensors/read-tensor.ts';
import { writeSafetensors } from '#io/safetensors/write-safetensors.ts';

const FOLDER = 'reference_logps';
/** Of a sha256; two of a billion completions share it with a chance of 10^-21. */
const KEY_BYTES = 16;

export class ReferenceStore implements KnownLogProbs {
  readonly #file: string;
  readonly #known: Map<string, number>;
  #hasNew = false;

  private constructor(file: string, known: Map<string, number>) {
    this.#file = file;
    this.#known = known;
  }

  /**
   * A file that is missing or damaged counts as empty: everything in it can be computed again.
   * @param model - sha256 of the model
   * @param adapter - sha256 of the adapter that is the reference, or null for the model itself
   */
  static async open(cacheDir: string, model: string, adapter: string | null): Promise<ReferenceStore> {
    const file = join(cacheDir, FOLDER, `${model}${adapter === null ? '' : `-${adapter}`}.safetensors`);
    return new ReferenceStore(file, await readKnown(file));
  }

  get(completion: Completion): number | undefined {
    return this.#known.get(keyOf(completion));
  }

  /** What is known already stays as it is, so that a run that was continued sees the numbers it began with. */
  add(completion: Completion, logp: number): void {
    const key = keyOf(completion);
    if (this.#known.has(key)) return;
    this.#known.set(key, logp);
    this.#hasNew = true;
  }

  /** Writes what was added, beside what other runs have written meanwhile. @throws {StorageError} */
  async save(): Promise<void> {
    if (!this.#hasNew) return;
    const all = new Map([...this.#known, ...(await readKnown(this.#file))]);
    const keys = new Uint8Array(all.size * KEY_BYTES);
    [...all.keys()].forEach((key, i) => keys.set(Buffer.from(key, 'latin1'), i * KEY_BYTES));
    try {
      await mkdir(join(this.#file, '..'), { recursive: true });
    } catch (error) {
      throw asStorageError(error, 'write', this.#file);
    }
    await writeSafetensors(this.#file, [
      { name: 'keys', dtype: 'U8', shape: [all.size, KEY_BYTES], data: keys },
      { name: 'logps', dtype: 'F32', shape: [all.size], data: Float32Array.from(all.values()) },
    ]);
    this.#hasNew = false;
  }
}

function keyOf({ prompt, completion }: Completion): string {
  const hash = createHash('sha256').update(`${prompt.length}:`).update(prompt).update(completion);
  return hash.digest().toString('latin1', 0, KEY_BYTES);
}

async function readKnown(file: string): Promise<Map<string, number>> {
  try {
    const header = await readSafetensorsHeader(file);
    const logps = await readTensorAsFloat32(header, 'logps');
    const keys = Buffer.from(await readTensorBytes(locateTensor(header, 'keys'))).toString('latin1');
    if (keys.length !== logps.length * KEY_BYTES) return new Map();
    return new Map(Array.from(logps, (logp, i) => [keys.slice(i * KEY_BYTES, (i + 1) * KEY_BYTES), logp]));
  } catch (error) {
    if (error instanceof AppError) return new Map();
    throw error;
  }
}

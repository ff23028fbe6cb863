/** @file manifest.json of an archive: what is in it, and the hash of every other entry. */
import { z } from 'zod';

export const ARCHIVE_FORMAT = 'prospect-project';
/** Increase it when older programs could not read what is written. */
export const ARCHIVE_VERSION = 1;
export const MANIFEST = 'manifest.json';

const Count = z.int().nonnegative();
const Sha256 = z.string().regex(/^[\da-f]{64}$/);
const Text = z.string().max(4096);

/** What every version has: enough to say that it is newer, or something else. */
export const ManifestHead = z.looseObject({ format: z.literal(ARCHIVE_FORMAT), version: z.int().positive() });

export const PackedModel = z.object({
  /** As rows name it. */
  id: Count,
  name: z.string().min(1).max(255),
  /** Where it lay on the machine that made the archive. */
  folder: Text,
  /** As `hashModel` gives it; null if it was not there then. */
  sha256: Sha256.nullable(),
  facts: z.record(z.string(), z.json()),
  /** Its number among `folders`; null if it is not packed. */
  packed: Count.nullable(),
});
export type PackedModel = z.infer<typeof PackedModel>;

export const Manifest = z.object({
  format: z.literal(ARCHIVE_FORMAT),
  version: z.literal(ARCHIVE_VERSION),
  madeBy: Text,
  /** Milliseconds since 1970. */
  madeAt: Count,
  /** False if the files of adapters and checkpoints were left out. */
  hasWeights: z.boolean(),
  project: z.object({ name: z.string().trim().min(1).max(120), notes: z.string().max(1e6), choices: z.json().nullable() }),
  /** Id of the chosen model among `models`. */
  chosenModel: Count.nullable(),
  tables: z.array(z.object({ name: z.string().regex(/^[a-z_]{1,40}$/), rows: Count, maxId: Count })).max(64),
  models: z.array(PackedModel).max(10_000),
  /** What `files/<number>/` holds. */
  folders: z.array(z.enum(['run', 'adapter', 'model'])).max(100_000),
  entries: z.array(z.object({ name: Text, bytes: Count, sha256: Sha256 })).max(200_000),
});
export type Manifest = z.infer<typeof Manifest>;

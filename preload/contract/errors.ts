/**
 * @file Errors that a person can act on. Every failure that crosses a boundary (a file, a process, the window) is one of
 * these; its message is one sentence that says what, where, expected, got and what to do.
 */

/** What the caller can do about it, in one word; stable across versions, so scripts may test it. */
export type ErrorCode =
  | 'import'
  | 'format'
  | 'shape'
  | 'unsupported-model'
  | 'training-diverged'
  | 'out-of-memory'
  | 'settings'
  | 'engine'
  | 'output-busy'
  | 'storage'
  | 'store'
  | 'cancelled'
  | 'internal';

export type ErrorDetails = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
    this.details = details;
  }
}

/** A row of a dataset file is wrong; `row` is 1-based, `column` is the field's name. */
export class ImportError extends AppError {
  constructor(message: string, details: { file: string; row?: number; column?: string }, options: { cause?: unknown } = {}) {
    super('import', message, details, options);
  }
}

/** A file is not what its format promises (safetensors, config.json, adapter, tokenizer …). */
export class FormatError extends AppError {
  constructor(message: string, details: { file: string; field?: string; limit?: number }, options: { cause?: unknown } = {}) {
    super('format', message, details, options);
  }
}

/** Two shapes that must agree do not. */
export class ShapeError extends AppError {
  constructor(message: string, details: ErrorDetails = {}) {
    super('shape', message, details);
  }
}

/** The model's architecture (or a variant of it) cannot be built; the message names it and what is supported. */
export class UnsupportedModelError extends AppError {
  constructor(message: string, details: { architecture: string; supported: readonly string[] }) {
    super('unsupported-model', message, details);
  }
}

/** Loss or gradient became NaN or infinite at an optimizer step (1-based). */
export class TrainingDivergedError extends AppError {
  constructor(message: string, details: { step: number; value: string }) {
    super('training-diverged', message, details);
  }
}

/** More memory is needed than there is; both in bytes, and left out where a device does not tell. */
export class OutOfMemoryError extends AppError {
  constructor(message: string, details: { neededBytes?: number; availableBytes?: number }, options?: ErrorOptions) {
    super('out-of-memory', message, details, options);
  }
}

/** What computes the graph is not on this machine, or does not work on it; the message says how to get it. */
export class EngineError extends AppError {
  constructor(message: string, details: { engine: string }, options?: ErrorOptions) {
    super('engine', message, details, options);
  }
}

/** A hyperparameter or option has a value that cannot work; `field` is its standard name. */
export class SettingsError extends AppError {
  constructor(message: string, details: { field: string }) {
    super('settings', message, details);
  }
}

/** The output folder is in use by another run, or holds something that must not be overwritten. */
export class OutputBusyError extends AppError {
  constructor(message: string, details: { folder: string }) {
    super('output-busy', message, details);
  }
}

/** Reading or writing a file failed (disk full, permission, vanished). */
export class StorageError extends AppError {
  constructor(message: string, details: { file: string }, options: { cause?: unknown } = {}) {
    super('storage', message, details, options);
  }
}

/** Why the project store could not do what it was asked; stable across versions. */
export type StoreReason =
  /** The database is damaged, truncated, empty or not a database. */
  | 'corrupt'
  /** It is a database, but of another program. */
  | 'not-a-store'
  /** A newer Prospect wrote it. */
  | 'newer'
  /** It is gone, though there are backups of it. */
  | 'missing'
  /** Another process holds the data folder. */
  | 'locked'
  | 'migration-failed'
  /** A backup is not there or can't be used. */
  | 'bad-backup'
  /** The disk is full or failed. */
  | 'disk'
  | 'read-only'
  /** The project, dataset, run … does not exist (any more). */
  | 'not-found'
  /** It contradicts what is in the store: a name taken, a version changed meanwhile. */
  | 'conflict';

/** What a person can choose when the store does not open. */
export type StoreChoice = 'restore-backup' | 'open-read-only' | 'start-empty' | 'close-other' | 'update-prospect' | 'free-space';

/** A copy of the store's database. */
export interface StoreBackup {
  /** Its name in the data folder's backups/. */
  readonly file: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly bytes: number;
  /** Version of the tables in it. */
  readonly schemaVersion: number;
}

/** The project store can't be opened, or refuses; `details` repeats reason, choices and the backups' names, which are typed here. */
export class StoreError extends AppError {
  readonly reason: StoreReason;
  readonly choices: readonly StoreChoice[];
  /** Newest first. */
  readonly backups: readonly StoreBackup[];

  constructor(message: string, { reason, choices = [], backups = [], ...details }: StoreErrorDetails, options: { cause?: unknown } = {}) {
    super('store', message, { ...details, reason, choices: [...choices], backups: backups.map(({ file }) => file) }, options);
    this.reason = reason;
    this.choices = choices;
    this.backups = backups;
  }
}

interface StoreErrorDetails {
  readonly reason: StoreReason;
  readonly choices?: readonly StoreChoice[];
  readonly backups?: readonly StoreBackup[];
  /** The database or data folder it is about. */
  readonly file?: string;
  /** Who holds the data folder, for `locked`. */
  readonly pid?: number;
  readonly host?: string;
  readonly since?: string;
  /** Versions of the tables: what was found and what this program knows. */
  readonly found?: number;
  readonly known?: number;
  /** Where the same files were imported before, for `conflict`. */
  readonly datasetId?: number;
  readonly versionId?: number;
}

/** The person (or a signal) asked to stop. */
export class CancelledError extends AppError {
  constructor(message = 'Cancelled.', details: ErrorDetails = {}, options: { cause?: unknown } = {}) {
    super('cancelled', message, details, options);
  }
}

/** A bug in Prospect itself: an invariant of the code does not hold. */
export class InternalError extends AppError {
  constructor(message: string, details: ErrorDetails = {}, options: { cause?: unknown } = {}) {
    super('internal', message, details, options);
  }
}

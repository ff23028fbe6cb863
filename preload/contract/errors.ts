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
  | 'output-busy'
  | 'storage'
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

/** More memory is needed than there is; both in bytes. */
export class OutOfMemoryError extends AppError {
  constructor(message: string, details: { neededBytes: number; availableBytes: number }) {
    super('out-of-memory', message, details);
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

/** The person (or a signal) asked to stop. */
export class CancelledError extends AppError {
  constructor(message = 'Cancelled.', details: ErrorDetails = {}) {
    super('cancelled', message, details);
  }
}

/** A bug in Prospect itself: an invariant of the code does not hold. */
export class InternalError extends AppError {
  constructor(message: string, details: ErrorDetails = {}, options: { cause?: unknown } = {}) {
    super('internal', message, details, options);
  }
}

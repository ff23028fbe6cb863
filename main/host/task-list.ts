/** @file Keeps the work that goes on: tells windows how far it is, and ends what is cancelled. */
import { CancelledError, OutputBusyError } from '#contract/errors.ts';
import type { Task } from '#contract/tasks.ts';
import type { Emit, TaskAbout, TaskHandle, Tasks } from '#ipc/services.ts';
import { createRate } from './rate.ts';

/** A window draws no more than that. */
const TELL_INTERVAL_MS = 100;
const UNKNOWN = { total: null, share: null, perSecond: null, msLeft: null } as const;

export interface TaskListOptions {
  readonly emit: Emit;
  /** Milliseconds, monotonic. */
  readonly nowMs: () => number;
}

interface Running {
  task: Task;
  readonly controller: AbortController;
}

export function createTaskList(options: TaskListOptions): Tasks {
  return new TaskList(options);
}

class TaskList implements Tasks {
  readonly #emit: Emit;
  readonly #nowMs: () => number;
  readonly #running = new Map<string, Running>();
  #timer: NodeJS.Timeout | null = null;

  constructor({ emit, nowMs }: TaskListOptions) {
    this.#emit = emit;
    this.#nowMs = nowMs;
  }

  list(): readonly Task[] {
    return Array.from(this.#running.values(), ({ task }) => task);
  }

  async run<T>({ id, projectId, title, unit }: TaskAbout, work: (task: TaskHandle) => Promise<T>): Promise<T> {
    if (this.#running.has(id)) throw new OutputBusyError(`${title} goes on already. Wait for it, or cancel it.`, { folder: '' });
    const task: Task = { id, projectId, title, unit, done: 0, ...UNKNOWN, waiting: false, cancelling: false };
    const entry: Running = { task, controller: new AbortController() };
    this.#running.set(id, entry);
    this.#tell();
    try {
      return await work(this.#handleOf(entry));
    } catch (error) {
      throw entry.controller.signal.aborted ? new CancelledError('Cancelled. Nothing was changed.', {}, { cause: error }) : error;
    } finally {
      this.#running.delete(id);
      this.#tell();
    }
  }

  cancel(id: string): void {
    const entry = this.#running.get(id);
    if (!entry) return;
    entry.task = { ...entry.task, cancelling: true };
    entry.controller.abort();
    this.#tell();
  }

  async end(): Promise<void> {
    for (const { controller } of this.#running.values()) controller.abort();
    while (this.#running.size > 0) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  #handleOf(entry: Running): TaskHandle {
    const rate = createRate(this.#nowMs);
    return {
      signal: entry.controller.signal,
      progress: (done, total) => {
        const perSecond = rate(done);
        const share = total === null || total === 0 ? null : Math.min(1, done / total);
        const msLeft = total === null || perSecond === null || perSecond === 0 ? null : ((total - done) / perSecond) * 1000;
        entry.task = { ...entry.task, done, total, share, perSecond, msLeft };
        this.#tellSoon();
      },
      report: (progress) => {
        entry.task = { ...entry.task, ...progress };
        this.#tellSoon();
      },
      wait: (waiting) => {
        entry.task = { ...entry.task, waiting };
        this.#tell();
      },
      begin: (title, unit) => {
        entry.task = { ...entry.task, title, unit, done: 0, ...UNKNOWN };
        rate(null);
        this.#tell();
      },
    };
  }

  #tellSoon(): void {
    this.#timer ??= setTimeout(() => this.#tell(), TELL_INTERVAL_MS);
  }

  #tell(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#emit('tasks.changed', { tasks: [...this.list()] });
  }
}

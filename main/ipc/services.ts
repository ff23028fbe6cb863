/** @file What handlers are given beside their input: the store, the log, and what only the host (Electron or the browser host) can do. */
import type { SpawnChat } from '#chat/chat-process.ts';
import type { Host } from '#contract/app.ts';
import type { FileReference, PickPurpose } from '#contract/files.ts';
import type { EventName, PayloadArguments } from '#contract/index.ts';
import type { SpawnInquiry } from '#inquiries/ask-inquiry.ts';
import type { Task } from '#contract/tasks.ts';
import type { SpawnJob } from '#jobs/job-process.ts';
import type { Answers } from '#playground/answers.ts';
import type { Playgrounds } from '#playground/playgrounds.ts';
import type { Setup } from '#setup/setup.ts';
import type { RunSupervisor } from '#runs/supervisor.ts';
import type { Store } from '#store/store.ts';
import type { WaitingImports } from './waiting-imports.ts';

export interface Logger {
  info(message: string): void;
  warn(message: string): void;
  /** @param cause - its stack is written, too */
  error(message: string, cause?: unknown): void;
}

/** Tells every open window. */
export type Emit = <N extends EventName>(name: N, ...payload: PayloadArguments<N>) => void;

/** What a desktop can do; a browser host answers false or null. */
export interface Desktop {
  /** Shows a file or folder in the file manager. */
  reveal(path: string): Promise<boolean>;
  /** Opens a file with the program the system has for it. */
  open(path: string): Promise<boolean>;
  /** Asks for files or a folder. @returns null where there is no dialog, and nothing in the list if none was picked */
  pick(purpose: PickPurpose): Promise<readonly string[] | null>;
  /** Asks where to write a file, and whether to replace one that is there. @param fileName - proposed @returns as `pick`, one at most */
  pickTarget(fileName: string): Promise<readonly string[] | null>;
}

/** Files that a person hands over. */
export interface HandedFiles {
  /** The absolute path of a file to read. @throws {StorageError} if the upload is not there (any more) */
  pathOf(reference: FileReference): string;
  /** The file was used: an upload is removed, a file of the person never. */
  release(reference: FileReference): Promise<void>;
  /** Files the program was opened with since the last call. */
  takeOpened(kind: 'dataset' | 'archive'): readonly string[];
}

/** Work that must not be cut off unasked, such as a run. */
export interface Activity {
  /**
   * @param what - as a sentence would name it: "Run 12"
   * @param options.keepsAwake - whether the machine must not go to sleep meanwhile; true if not given
   * @returns called when it ends
   */
  begin(what: string, options?: { readonly keepsAwake: boolean }): () => void;
  /** What goes on now. */
  readonly current: readonly string[];
}

export interface TaskAbout extends Pick<Task, 'id' | 'projectId' | 'title' | 'unit'> {}

/** What work that takes long is given. */
export interface TaskHandle {
  /** Aborted when a person cancels it, or the program ends: stop within a second, and leave nothing behind. */
  readonly signal: AbortSignal;
  /** For work that counts what it does. Call it as often as wanted. @param total - null while unknown */
  readonly progress: (done: number, total: number | null) => void;
  /** For work that knows more. */
  readonly report: (progress: Pick<Task, 'done' | 'share' | 'perSecond' | 'msLeft'>) => void;
  /** Whether it goes on only after a person has decided something. */
  readonly wait: (waiting: boolean) => void;
  /** The next part of it, which has a title and a unit of its own. */
  readonly begin: (title: string, unit: Task['unit']) => void;
}

/** Work that takes longer than a person waits. */
export interface Tasks {
  list(): readonly Task[];
  /**
   * @throws {CancelledError} if it was cancelled, whatever the work itself threw then
   * @throws {OutputBusyError} if a task of this id goes on
   */
  run<T>(about: TaskAbout, work: (task: TaskHandle) => Promise<T>): Promise<T>;
  /** Does nothing if it has ended. */
  cancel(id: string): void;
  /** Cancels all, and waits until they have ended. */
  end(): Promise<void>;
}

export interface About {
  readonly host: Host;
  readonly version: string;
  readonly electronVersion: string | null;
  /** What the build wrote about the packages that are part of the program. */
  readonly licenceFiles: readonly string[];
}

export interface Services {
  readonly store: Store;
  /** Everything of the person: absolute path. */
  readonly dataDir: string;
  readonly logFile: string;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly logger: Logger;
  readonly emit: Emit;
  readonly desktop: Desktop;
  readonly files: HandedFiles;
  readonly activity: Activity;
  readonly runs: RunSupervisor;
  readonly tasks: Tasks;
  readonly waitingImports: WaitingImports;
  readonly about: About;
  /** Starts the process of a job, in the way this host can. */
  readonly spawnJob: SpawnJob;
  /** Starts a process that answers one question. */
  readonly spawnInquiry: SpawnInquiry;
  /** Starts a process that runs llama.cpp. */
  readonly spawnChat: SpawnChat;
  /** Models that are open to chat with. */
  readonly playgrounds: Playgrounds;
  /** What they are asked, and what they write. */
  readonly answers: Answers;
  /** Models, settings and what a run will need. */
  readonly setup: Setup;
  /** Called in reverse order, before the store is closed, when the program ends. */
  readonly onShutdown: (stop: () => Promise<void> | void) => void;
}

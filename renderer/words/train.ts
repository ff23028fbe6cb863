/** @file What the Train step says. */
import type { RunPhase } from '#contract/run-progress.ts';
import type { RunMethod, RunStatus } from '#contract/runs.ts';

const count = (n: number): string => n.toLocaleString('en');

export const trainWords = {
  tabs: { label: 'Train', configure: 'Configure', current: 'Current run', history: 'History' },
  about: 'Here a run learns from your rows while you watch its curves.',
  blockedTitle: 'Nothing to train yet',

  configure: {
    loading: 'Loading what was chosen',
    queueNote: (name: string): string => `${name} is under way; what you start now waits for it.`,
    model: 'Model',
    data: 'Rows',
    settings: 'Settings',
    beginsWith: 'Adapter',
    goesOnFrom: (name: string): string => `Goes on from ${name}`,
    goneAdapter: 'An adapter that was deleted',
    noModel: 'None yet',
    newestRows: 'All rows of the newest dataset',
    split: 'The split of the step Pairs',
    wholeVersion: 'All rows of the chosen version',
    defaults: 'Defaults',
    changed: (n: number): string => (n === 1 ? '1 setting differs from its default' : `${count(n)} settings differ from their defaults`),
    change: 'Change',
  },

  statuses: {
    queued: 'Waiting',
    running: 'Running',
    paused: 'Paused',
    interrupted: 'Interrupted',
    stopped: 'Stopped',
    completed: 'Completed',
    failed: 'Failed',
  } satisfies Record<RunStatus, string>,
  methodName: { kto: 'KTO', dpo: 'DPO' } satisfies Record<RunMethod, string>,
  phases: {
    'Preparing data': 'Preparing data',
    'Loading model': 'Loading model',
    'Caching reference log-probabilities': 'Caching reference',
    Training: 'Training',
    Evaluating: 'Evaluating',
    Saving: 'Saving',
  } satisfies Record<RunPhase, string>,
  phasesLabel: 'Phases',

  run: {
    loading: 'Loading the run',
    none: 'No run yet',
    noneNote: 'Choose what to train in Configure, then press Start.',
    goConfigure: 'Configure a run',
    place: (position: number): string => (position === 1 ? 'Next in the queue.' : `Number ${position} in the queue.`),
    held: 'Runs wait from the last time Prospect was open.',
    startQueue: 'Start them',
    pause: 'Pause',
    pausing: 'Pausing…',
    resume: 'Resume',
    stop: 'Stop',
    stopping: 'Stopping…',
    unqueue: 'Leave the queue',
    silent: (seconds: number): string => `Busy with one large step for ${seconds} s…`,
    left: (time: string): string => `${time} left`,
    staysInBackground: 'Closing this tab does not stop it; Ctrl+C in the terminal stops and saves.',
    resumes: (step: number): string => `Resume goes on after step ${count(step)}.`,
    wentOnFrom: (name: string, isThere: boolean): string => `goes on from ${name}${isThere ? '' : ' (deleted since)'}`,
    showFolder: 'Show folder',
    compareBoth: 'Compare these two',
  },
  /** How far a phase is, in its unit. */
  counts: {
    rows: (n: string): string => `${n} rows`,
    bytes: (n: string): string => n,
    steps: (n: string): string => `${n} steps`,
    batches: (n: string): string => `${n} batches`,
  },
  ofTotal: (done: string, total: string): string => `${done} / ${total}`,
  rate: (rate: string): string => `${rate}/s`,

  stopDialog: {
    title: (name: string): string => `Stop ${name}?`,
    text: 'Stop and save keeps a checkpoint, from which the run goes on later as if it had not been stopped. Discard ends it at once and deletes the run with its curve and files.',
    cancel: 'Keep running',
    save: 'Stop and save',
    discard: 'Discard',
    confirm: 'Yes, delete this run',
  },
  deleteDialog: {
    title: (name: string): string => `Delete ${name}?`,
    text: 'Its curve and its place in the history are deleted.',
    adapters: (n: number): string =>
      n === 0
        ? ''
        : n === 1
          ? ' Its adapter will no longer be offered in Chat and Export.'
          : ` Its ${n} adapters will no longer be offered in Chat and Export.`,
    files: (files: number, size: string): string => `Delete its ${count(files)} files, too (${size})`,
    folder: 'They are in',
    cancel: 'Cancel',
    delete: 'Delete',
    loading: 'Looking what belongs to it',
  },

  tiles: {
    label: 'Figures',
    step: 'Step',
    epoch: 'Epoch',
    loss: 'Loss',
    learningRate: 'Learning rate',
    gradNorm: 'Grad norm',
    elapsed: 'Elapsed',
    left: 'Time left',
    tokens: 'Tokens/s',
    memory: 'Memory',
    memoryPeak: (peak: string): string => `at most ${peak}`,
    device: 'Device',
    unknown: '–',
  },

  charts: {
    title: 'Curves',
    loading: 'Reading the curves',
    empty: 'The first values appear after the first step.',
    heldOut: 'held out',
    samples: 'Triangles mark steps with sample answers.',
  },
  samples: {
    title: 'Sample answers',
    step: (step: number): string => (step === 0 ? 'Before training' : `Step ${count(step)}`),
    slider: 'Step of the answers',
    before: 'Before training',
  },
  log: { title: 'Log', empty: 'Nothing was said yet.', loading: 'Reading the log' },
  history: {
    label: 'Runs of this project',
    loading: 'Loading the runs',
    empty: 'No runs yet',
    emptyNote: 'Every run stays here with its curve, its settings and its adapter.',
    columns: {
      name: 'Run',
      status: 'Status',
      model: 'Model',
      data: 'Rows',
      loss: 'Loss',
      duration: 'Time',
      date: 'Date',
      actions: 'Actions',
    },
    sparkline: (name: string, last: string): string => `Loss of ${name}, last ${last}`,
    open: 'Open',
    resume: 'Resume',
    compare: 'Compare',
    export: 'Export',
    reveal: 'Show folder',
    revealed: (path: string): string => `It is in ${path}`,
    duplicate: 'Duplicate settings',
    duplicated: (name: string): string => `The next run has the settings of ${name}.`,
    delete: 'Delete…',
    more: (name: string): string => `What to do with ${name}`,
    gone: 'deleted',
  },
} as const;

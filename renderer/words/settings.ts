/** @file What the Settings step says. Names and sentences of the settings themselves come from the engine. */
import { counted, formatBytes, formatCount } from './numbers.ts';
import { formatMemory, formatSeconds, formatSetting } from './quantities.ts';

export const settingsWords = {
  loading: 'Loading the settings',
  method: {
    title: 'Method',
    kto: 'KTO',
    dpo: 'DPO',
    both: 'Both, to compare',
    about: {
      kto: 'Learns from single answers marked good or bad. Pairs are taken apart.',
      dpo: 'Learns from pairs of a better and a worse answer.',
      both: 'Two runs on the same rows with the same settings and seed, one after the other.',
    },
  },
  preset: { title: 'Begin with', custom: 'Your own', customAbout: 'Settings that are no preset any more.' },
  beginsWith: {
    title: 'Adapter to begin with',
    fresh: 'A fresh adapter',
    about:
      'A fresh adapter changes nothing at first. An earlier one is trained further: the new run keeps its rank and modules, and is compared with it.',
    gone: 'An adapter that was deleted',
    otherModel: (name: string, model: string): string => `${name} (made for ${model})`,
  },
  advanced: 'All settings',
  values: 'Values',
  groups: { loss: 'Method and loss', optimizer: 'Optimizer', loop: 'Length, batches and evaluation', adapter: 'Adapter and rows' },
  /** The engine's words, with the word that an input shows for null. */
  sentence: (text: string): string => text.replaceAll(/\bnull\b/g, 'none'),
  allowed: (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1).replace('or null', 'or none')}.`,
  default: (text: string): string => `Default: ${text}`,
  none: 'none',
  on: 'on',
  off: 'off',
  reset: (label: string): string => `Set ${label} to its default`,
  resetShort: 'Default',
  otherWarnings: 'Elsewhere',
  preview: {
    title: 'The next run',
    both: 'The next two runs',
    method: 'Method',
    steps: 'Steps',
    stepsOf: (steps: number, epochs: number): string =>
      `${formatCount(steps)} (${Number(epochs.toFixed(epochs < 1 ? 2 : 1))} ${epochs === 1 ? 'epoch' : 'epochs'})`,
    rows: 'Rows',
    batch: 'Batch',
    batchOf: (size: number, accumulation: number): string => (accumulation === 1 ? String(size) : `${size} × ${accumulation}`),
    longest: 'Longest row',
    longestOf: (tokens: number): string => counted(tokens, 'token', 'tokens'),
    rate: 'Learning rate',
    rateOf: formatSetting,
    adapter: 'Adapter',
    adapterOf: (count: number): string => `${formatCount(count)} numbers`,
    device: 'Computes on',
    change: 'Change',
    changeEngine: 'Change what computes',
    memory: 'Memory',
    memoryOf: (needed: number, free: number): string => `${formatMemory(needed)} of ${formatMemory(free)} free`,
    memoryParts: {
      weights: 'weights',
      activations: 'activations',
      adapter: 'adapter and optimizer',
      rows: 'rows',
      runtime: 'program',
    },
    part: (name: string, bytes: number): string => `${name} ${formatMemory(bytes)}`,
    tight:
      'More than is free: the run may be slow, or be ended by the system. Lower the batch size or max_length, or close other programs.',
    disk: 'Disk',
    diskOf: (needed: number, free: number | null): string =>
      free === null ? formatBytes(needed) : `${formatBytes(needed)} of ${formatBytes(free)} free`,
    time: 'Time',
    timeOf: (seconds: number): string => `about ${formatSeconds(seconds)}`,
    timeParts: (step: number, references: number): string =>
      `${formatSeconds(step)} a step, ${formatSeconds(references)} for the reference, without evaluations`,
    notMeasured: 'not measured, because another run is under way',
    measuring: 'Measuring a step',
    needs: 'Data and a model are needed before anything can be planned.',
  },
  start: {
    one: 'Start training',
    two: 'Start both runs',
    busy: 'Starting',
    data: 'Add data',
    model: 'Choose a model',
    settings: 'Correct the settings',
    settingsAbout: (field: string): string => `${field} can not work as it is.`,
  },
} as const;

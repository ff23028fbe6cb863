/**
 * @file What the frame of the steps says. All words of the window lie in this folder, one file a feature, as plain values and functions of
 * values: another language is another folder of the same types.
 */
import type { StepName, StepState } from '#contract/steps.ts';

export const stepsWords = {
  title: 'Steps',
  loading: 'Loading the steps',
  titles: {
    data: 'Data',
    pairs: 'Pairs',
    model: 'Model',
    settings: 'Settings',
    train: 'Train',
    chat: 'Chat',
    compare: 'Compare',
    export: 'Export',
  } satisfies Record<StepName, string>,
  /** Read aloud after the title. */
  states: { done: 'done', open: 'to do', blocked: 'blocked' } satisfies Record<StepState, string>,
  goTo: (title: string): string => `Go to ${title}`,
  /** Steps that need an adapter, which only a run makes. */
  afterRun: {
    chat: 'Here you will talk to the base model and to what a run made of it, side by side.',
    compare: 'Here you will put runs side by side: their curves, their settings and their answers.',
    export: 'Here you will take the adapter away, as a folder that other programs read.',
  },
  afterRunTitle: (title: string): string => `${title} opens after the first run`,
} as const;

/** @file What decides how far a step is. */
import type { Step } from '#contract/steps.ts';
import type { Store } from '#store/store.ts';

export type StepCondition = Omit<Step, 'name'>;

/** Asked often, so it must be quick: a few look-ups in the store, no file. */
export type StepRule = (store: Store, projectId: number) => StepCondition;

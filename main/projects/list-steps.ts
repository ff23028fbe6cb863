/** @file How far each step of a project is. */
import { StepName, type Step } from '#contract/steps.ts';
import { notFound } from '#store/not-found.ts';
import { getProject } from '#store/projects.ts';
import type { Store } from '#store/store.ts';
import { afterRunStep } from './steps/after-run-step.ts';
import { compareStep } from './steps/compare-step.ts';
import { dataStep } from './steps/data-step.ts';
import { modelStep } from './steps/model-step.ts';
import { pairsStep } from './steps/pairs-step.ts';
import { settingsStep } from './steps/settings-step.ts';
import type { StepRule } from './steps/step-rule.ts';
import { trainStep } from './steps/train-step.ts';

const RULES: { readonly [S in StepName]: StepRule } = {
  data: dataStep,
  pairs: pairsStep,
  model: modelStep,
  settings: settingsStep,
  train: trainStep,
  chat: afterRunStep,
  compare: compareStep,
  export: afterRunStep,
};

/** @throws {StoreError} `not-found` */
export function listSteps(store: Store, projectId: number): Step[] {
  if (!getProject(store, projectId)) throw notFound('project', projectId);
  return StepName.options.map((name) => ({ name, ...RULES[name](store, projectId) }));
}

/** @file What the screen of a step is given. */
import type { Project } from '#contract/projects.ts';
import type { Step, StepName } from '#contract/steps.ts';

export interface StepScreenProps {
  readonly project: Project;
  /** How far it is; its screen is shown even if it is blocked, and must then say what comes first. */
  readonly step: Step;
  /** Shows another step. */
  readonly goTo: (name: StepName) => void;
}

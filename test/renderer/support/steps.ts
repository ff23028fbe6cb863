/** @file The steps of a project as main would list them. */
import { StepName, type Step } from '#contract/steps.ts';

/** @param changes - of some of them; all others are open */
export function stepsOf(changes: { readonly [S in StepName]?: Partial<Step> }): Step[] {
  return StepName.options.map((name) => ({ name, state: 'open', note: `About ${name}.`, first: null, ...changes[name] }));
}

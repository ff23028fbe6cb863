/** @file The settings of one method's run among what a person gave for all. */
import type { GivenSettings, Methods } from '#contract/choices.ts';

export interface SettingsForOptions {
  readonly method: Methods[number];
  /** Else each method keeps its own kind of loss. */
  readonly isAlone: boolean;
  /** Rows are held out by a split, so the settings hold out no more. */
  readonly isSplit: boolean;
}

export function settingsFor(given: GivenSettings, { method, isAlone, isSplit }: SettingsForOptions): GivenSettings {
  const { loss_type: lossType, method: _method, ...shared } = given;
  return {
    ...shared,
    ...(isAlone && lossType !== undefined ? { loss_type: lossType } : {}),
    ...(isSplit ? { eval_ratio: 0 } : {}),
    method,
  };
}

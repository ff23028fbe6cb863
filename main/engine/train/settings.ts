/** @file The training settings: every hyperparameter under its name in TRL, PEFT or Transformers. */
import { z } from 'zod';
import { ADAPTER_FIELDS } from './adapter-fields.ts';
import { LOOP_FIELDS } from './loop-fields.ts';
import { LOSS_FIELDS } from './loss-fields.ts';
import { OPTIMIZER_FIELDS } from './optimizer-fields.ts';
import type { SettingDefinition, SettingField } from './setting-field.ts';

const DEFINITIONS = { ...LOSS_FIELDS, ...OPTIMIZER_FIELDS, ...LOOP_FIELDS, ...ADAPTER_FIELDS };

type Shape = { readonly [Key in keyof typeof DEFINITIONS]: (typeof DEFINITIONS)[Key]['schema'] };

/** A complete set, as `resolveSettings` makes it and a checkpoint stores it. Each field by itself; `checkSettings` looks across them. */
export const TrainingSettings = z.strictObject(schemas(DEFINITIONS));
export type TrainingSettings = z.infer<typeof TrainingSettings>;

/** What a command line or a window needs to offer every setting, in a sensible order. */
export const SETTING_FIELDS: readonly SettingField[] = Object.entries(DEFINITIONS).map(([key, { about }]) => ({ key, ...about }));

function schemas(definitions: Readonly<Record<string, SettingDefinition>>): Shape {
  return Object.fromEntries(Object.entries(definitions).map(([key, { schema }]) => [key, schema])) as unknown as Shape;
}

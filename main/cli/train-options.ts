/** @file The options of `prospect train`. */
import { CACHE_DIR, INPUT_GROUP, OTHER_GROUP, OTHER_OPTIONS } from './common-options.ts';
import { DTYPE, ENGINE } from './engine-option.ts';
import { MEMORY_BUDGET } from './memory-budget.ts';
import { flagOption, valueOption } from './option-spec.ts';
import type { OptionSpec } from './option-spec.ts';
import { SETTING_OPTIONS } from './setting-options.ts';

const IN_INPUT = { group: INPUT_GROUP };

/** Groups in the order in which a person needs them. */
const GROUP_ORDER = [INPUT_GROUP, 'Method', 'LoRA', 'Text', 'Optimizer', 'Loop', 'Other settings', OTHER_GROUP];

export const TRAIN_OPTIONS: readonly OptionSpec[] = [
  valueOption(
    'model',
    'DIR',
    'Folder of the base model as Hugging Face lays it out: config.json, safetensors weights, tokenizer. Required.',
    IN_INPUT,
  ),
  valueOption(
    'data',
    'FILE',
    'JSON Lines (or one JSON list) of examples (prompt, completion, label) or pairs (prompt, chosen, rejected). Required.',
    IN_INPUT,
  ),
  valueOption(
    'out',
    'DIR',
    'Folder for the adapter, its run.json, metrics and checkpoints; it must not hold another run. Required.',
    IN_INPUT,
  ),
  valueOption('eval-data', 'FILE', 'Rows to evaluate on, in the same format as --data.', IN_INPUT),
  valueOption(
    'config',
    'FILE',
    'JSON file of settings under their snake_case names, or the run.json of an earlier run; options win over it.',
    IN_INPUT,
  ),
  valueOption(
    'adapter-init',
    'DIR',
    'PEFT adapter to start from, which is then the reference model too, instead of a fresh one.',
    IN_INPUT,
  ),
  valueOption(
    'probe-prompts',
    'FILE',
    'Prompts that are answered before training and at each evaluation; the answers go to samples.jsonl.',
    IN_INPUT,
  ),
  flagOption(
    'resume',
    'Continues the run in --out from its newest checkpoint; settings that are not given are those of that run.',
    IN_INPUT,
  ),
  flagOption('skip-bad-rows', 'Leaves out rows that cannot be used and lists them, instead of stopping at the first.', IN_INPUT),
  ENGINE,
  DTYPE,
  MEMORY_BUDGET,
  CACHE_DIR,
  flagOption('json', 'Prints every event as one JSON object a line on stdout, and nothing else there.', IN_INPUT),
  ...SETTING_OPTIONS,
  ...OTHER_OPTIONS,
].toSorted((a, b) => GROUP_ORDER.indexOf(a.group) - GROUP_ORDER.indexOf(b.group));

/** @file `prospect score`: one JSON line per row. */
import { SettingsError } from '#contract/errors.ts';
import type { RowScore } from '#jobs/training-request.ts';
import { CACHE_DIR, cacheFolder, INPUT_GROUP, OTHER_OPTIONS, requireOptions } from './common-options.ts';
import type { Command, Invocation } from './command.ts';
import { ENGINE, engineOf } from './engine-option.ts';
import { SUCCESS } from './exit-codes.ts';
import type { CliHost } from './host.ts';
import { textOf, valueOption } from './option-spec.ts';
import type { GivenOptions, OptionSpec } from './option-spec.ts';
import { writeLine } from './write-line.ts';

const IN_INPUT = { group: INPUT_GROUP };

const OPTIONS: readonly OptionSpec[] = [
  valueOption('model', 'DIR', 'Folder of the base model as Hugging Face lays it out. Required.', IN_INPUT),
  valueOption('adapter', 'DIR', 'PEFT adapter to apply to the model.', { ...IN_INPUT, default: 'none' }),
  valueOption('data', 'FILE', 'JSON Lines (or one JSON list) of examples or pairs. Required.', IN_INPUT),
  valueOption('max-length', 'N', 'Prompt and answer together are cut to this many tokens.', { ...IN_INPUT, default: 'none' }),
  ENGINE,
  CACHE_DIR,
  ...OTHER_OPTIONS,
];

export const SCORE: Command = { options: OPTIONS, run: score };

async function score({ given }: Invocation, host: CliHost): Promise<number> {
  const { model, data } = requireOptions(given, ['model', 'data'], OPTIONS);
  const request = {
    modelDir: model,
    adapterDir: textOf(given, 'adapter') ?? null,
    dataFile: data,
    maxLength: maxLengthOf(given),
    cacheDir: cacheFolder(given, host),
    engine: engineOf(given),
  };
  const { signal } = host;
  for await (const row of host.jobs.score(request, { signal })) await writeLine(host.stdout, scoreLine(row), signal);
  return SUCCESS;
}

/** Exactly the documented fields in the documented order. */
function scoreLine(row: RowScore): string {
  if ('logp' in row) return JSON.stringify({ row: row.row, logp: row.logp, tokens: row.tokens });
  const { chosen, rejected } = row;
  return JSON.stringify({
    row: row.row,
    chosen: { logp: chosen.logp, tokens: chosen.tokens },
    rejected: { logp: rejected.logp, tokens: rejected.tokens },
  });
}

function maxLengthOf(given: GivenOptions): number | null {
  const text = textOf(given, 'max-length');
  if (text === undefined || /^(?:none|null)$/i.test(text)) return null;
  if (/^\d+$/.test(text) && Number(text) >= 2) return Number(text);
  throw new SettingsError(`--max-length must be a whole number at least 2, or null; it is ${text === '' ? 'empty' : text}.`, {
    field: 'max_length',
  });
}

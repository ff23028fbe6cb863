/** @file `prospect export`: takes a run away in a form that other programs read, and loads it again to be sure. */
import { resolve } from 'node:path';
import { SettingsError } from '#contract/errors.ts';
import type { ExportOptions, Exported } from '#exports/export-request.ts';
import { CACHE_DIR, cacheFolder, INPUT_GROUP, OTHER_OPTIONS, requireOptions } from './common-options.ts';
import { dtypeOf } from './chat-command.ts';
import type { Command, Invocation } from './command.ts';
import { FAILURE, SUCCESS } from './exit-codes.ts';
import type { CliHost } from './host.ts';
import { flagOption, textOf, valueOption } from './option-spec.ts';
import type { GivenOptions, OptionSpec } from './option-spec.ts';
import { Screen } from './screen.ts';

const IN_INPUT = { group: INPUT_GROUP };

const FORMS = ['adapter', 'merged', 'gguf', 'gguf-lora', 'trl-job'] as const;
type Form = (typeof FORMS)[number];

const OPTIONS: readonly OptionSpec[] = [
  valueOption('run', 'DIR', 'Folder of a run, or of any PEFT adapter. Required.', IN_INPUT),
  valueOption('as', FORMS.join('|'), 'What to make of it. Required.', IN_INPUT),
  valueOption('out', 'DIR', 'Folder for the export; must be empty or not there yet. Required.', IN_INPUT),
  valueOption('model', 'DIR', 'The base model, where the run does not know it or it has moved.', { ...IN_INPUT, default: "the run's" }),
  valueOption('dtype', 'TYPE', 'How a GGUF file keeps weights: F16, Q8_0 or F32.', { ...IN_INPUT, default: 'F16' }),
  flagOption('json', 'Prints what was made as one JSON object.', IN_INPUT),
  CACHE_DIR,
  ...OTHER_OPTIONS,
];

export const EXPORT: Command = { options: OPTIONS, run: exportRun };

async function exportRun({ given }: Invocation, host: CliHost): Promise<number> {
  const { run, as, out } = requireOptions(given, ['run', 'as', 'out'], OPTIONS);
  const form = formOf(as);
  const { openRunSource } = await import('#exports/run-source.ts');
  const { verificationText } = await import('#exports/verification.ts');
  const screen = new Screen(host);
  const options: ExportOptions = {
    source: await openRunSource(run, textOf(given, 'model') ?? null),
    outDir: resolve(out),
    cacheDir: cacheFolder(given, host),
    signal: host.signal,
    onProgress: ({ label, bytesDone, bytesTotal }) => screen.progress({ label, done: bytesDone, total: bytesTotal, unit: 'bytes' }),
  };
  try {
    const exported = await make(form, options, { given, screen });
    screen.clear();
    const { dir, files, verification, notes } = exported;
    if (given.get('json') === true) screen.result(JSON.stringify({ dir, files, verification, notes }));
    else {
      screen.result(`${dir}: ${files.join(', ')}`);
      for (const note of notes) screen.remark(note);
      if (verification) screen.result(verificationText(verification));
    }
    return verification === null || verification.isSame ? SUCCESS : FAILURE;
  } finally {
    screen.clear();
  }
}

async function make(
  form: Form,
  options: ExportOptions,
  { given, screen }: { readonly given: GivenOptions; readonly screen: Screen },
): Promise<Exported> {
  switch (form) {
    case 'adapter':
      return (await import('#exports/export-adapter.ts')).exportAdapter(options);
    case 'merged':
      return (await import('#exports/export-merged.ts')).exportMerged(options);
    case 'trl-job':
      return (await import('#exports/export-trl-job.ts')).exportTrlJob(options);
    case 'gguf':
    case 'gguf-lora': {
      const { exportGguf } = await import('#exports/export-gguf.ts');
      const { startChat } = await import('./chat-program.ts');
      const start = () => startChat((text) => screen.remark(text.trimEnd()));
      const dtype = dtypeOf(textOf(given, 'dtype') ?? 'F16');
      return exportGguf({ ...options, dtype, form: form === 'gguf' ? 'merged' : 'lora', startChat: start, threads: null });
    }
    default:
      return form satisfies never;
  }
}

function formOf(text: string): Form {
  const found = FORMS.find((form) => form === text);
  if (found) return found;
  throw new SettingsError(`--as must be one of ${FORMS.join(', ')}; it is ${text}.`, { field: 'as' });
}

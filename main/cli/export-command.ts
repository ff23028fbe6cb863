/** @file `prospect export`: takes a run away in a form that other programs read, and loads it again to be sure. */
import { resolve } from 'node:path';
import { SettingsError } from '#contract/errors.ts';
import { ExportForm } from '#contract/exports.ts';
import type { ExportOptions } from '#exports/export-request.ts';
import type { OpenGguf } from '#exports/verify-gguf.ts';
import { CACHE_DIR, cacheFolder, INPUT_GROUP, OTHER_OPTIONS, requireOptions } from './common-options.ts';
import { dtypeOf } from './chat-command.ts';
import type { Command, Invocation } from './command.ts';
import { FAILURE, SUCCESS } from './exit-codes.ts';
import type { CliHost } from './host.ts';
import { flagOption, textOf, valueOption } from './option-spec.ts';
import type { OptionSpec } from './option-spec.ts';
import { Screen } from './screen.ts';

const IN_INPUT = { group: INPUT_GROUP };

const FORMS = ExportForm.options;

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
  const { makeExport } = await import('#exports/make-export.ts');
  const { verificationText } = await import('#exports/verification.ts');
  const screen = new Screen(host);
  const options: ExportOptions = {
    source: await openRunSource(run, textOf(given, 'model') ?? null),
    outDir: resolve(out),
    cacheDir: cacheFolder(given, host),
    signal: host.signal,
    onProgress: (progress) => screen.progress(progress),
  };
  try {
    const dtype = dtypeOf(textOf(given, 'dtype') ?? 'F16');
    const exported = await makeExport({ form, dtype, openGguf: openGgufFor(screen) }, options);
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

/** In a process of its own, whose words go to the screen. */
function openGgufFor(screen: Screen): OpenGguf {
  return async (request, { signal }) => {
    const { startChat } = await import('./chat-program.ts');
    const chat = startChat((text) => screen.remark(text.trimEnd()));
    try {
      await chat.open(request, { signal });
      return chat;
    } catch (error) {
      chat.close();
      throw error;
    }
  };
}

function formOf(text: string): ExportForm {
  const found = FORMS.find((form) => form === text);
  if (found) return found;
  throw new SettingsError(`--as must be one of ${FORMS.join(', ')}; it is ${text}.`, { field: 'as' });
}

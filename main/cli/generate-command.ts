/** @file `prospect generate`: one answer as it is written, or a JSON line for each of many. */
import { SettingsError } from '#contract/errors.ts';
import { chatPrompt } from '#engine/generate/parse-prompt.ts';
import type { Prompt } from '#engine/generate/parse-prompt.ts';
import type { GenerateEvent, GenerateRequest } from '#jobs/generate/generate-request.ts';
import { CACHE_DIR, cacheFolder, INPUT_GROUP, OTHER_OPTIONS, requireOptions } from './common-options.ts';
import type { Command, Invocation } from './command.ts';
import { SUCCESS } from './exit-codes.ts';
import type { CliHost } from './host.ts';
import { textOf, valueOption } from './option-spec.ts';
import type { GivenOptions, OptionSpec } from './option-spec.ts';
import { SAMPLING_OPTIONS, samplingOf } from './sampling-options.ts';
import { writeLine } from './write-line.ts';

const IN_INPUT = { group: INPUT_GROUP };

const OPTIONS: readonly OptionSpec[] = [
  valueOption('model', 'DIR', 'Folder of the base model as Hugging Face lays it out. Required.', IN_INPUT),
  valueOption('adapter', 'DIR', 'PEFT adapter to apply to the model.', { ...IN_INPUT, default: 'none' }),
  valueOption('prompt', 'TEXT', "A user's message to answer.", IN_INPUT),
  valueOption('prompts', 'FILE', 'Many prompts: records with `prompt` or `messages`, or a JSON list of texts.', IN_INPUT),
  ...SAMPLING_OPTIONS,
  CACHE_DIR,
  ...OTHER_OPTIONS,
];

export const GENERATE: Command = { options: OPTIONS, run: generate };

async function generate({ given }: Invocation, host: CliHost): Promise<number> {
  const { model } = requireOptions(given, ['model'], OPTIONS);
  const prompts = promptsOf(given);
  const request: GenerateRequest = {
    modelDir: model,
    adapterDir: textOf(given, 'adapter') ?? null,
    prompts,
    ...samplingOf(given),
    cacheDir: cacheFolder(given, host),
  };
  const { stdout, signal } = host;
  for await (const event of host.jobs.generate(request, { signal })) {
    if ('file' in prompts) {
      if (event.kind === 'answer') await writeLine(stdout, answerLine(event), signal);
    } else if (event.kind === 'text') stdout.write(event.text);
    else stdout.write('\n');
  }
  return SUCCESS;
}

function promptsOf(given: GivenOptions): readonly Prompt[] | { readonly file: string } {
  const [text, file] = [textOf(given, 'prompt'), textOf(given, 'prompts')];
  if ((text === undefined) === (file === undefined))
    throw new SettingsError('Give either --prompt TEXT or --prompts FILE.', { field: 'prompt' });
  return file === undefined ? [chatPrompt(text ?? '')] : { file };
}

/** Exactly the documented fields in the documented order. */
function answerLine({ prompt, promptValue, answer, tokens, finishReason }: Extract<GenerateEvent, { kind: 'answer' }>): string {
  return JSON.stringify({ row: prompt, prompt: promptValue, answer, tokens, finish_reason: finishReason });
}

/**
 * @file Renders a model's chat template (Jinja) as transformers does. @huggingface/jinja runs the template; the calls in
 * which it departs from Python (`rstrip('\n')` ignores its argument there, `trim` strips other characters) are redirected.
 * @see https://github.com/huggingface/transformers/blob/v5.0.0/src/transformers/utils/chat_template_utils.py
 */
import { Template } from '@huggingface/jinja';
import { FormatError } from '#contract/errors.ts';
import type { JsonValue, Message } from '#engine/data/row.ts';
import { pythonStrip } from './python-strip.ts';
import type { StripSide } from './python-strip.ts';
import { REDIRECTED, redirectTemplateCalls } from './redirect-template-calls.ts';
import { strftime } from './strftime.ts';

export interface ChatTemplateVariables {
  readonly messages: readonly Message[];
  readonly tools: readonly JsonValue[] | null;
  readonly addGenerationPrompt: boolean;
  /** `bos_token`, `eos_token` and the like, then the row's own `chat_template_kwargs`. */
  readonly others: Readonly<Record<string, JsonValue>>;
}

export type ChatTemplate = (variables: ChatTemplateVariables) => string;

/**
 * Compiles a template once for many conversations.
 * @param file - names the template in messages
 * @param clock - what `strftime_now` in the template tells
 * @throws {FormatError} if the template is not valid Jinja; the compiled function throws it if the template refuses the messages
 */
export function compileChatTemplate(source: string, file: string, clock: () => Date): ChatTemplate {
  const template = attempt(() => new Template(source), `${file} is not a chat template that can be read`, file);
  redirectTemplateCalls(template.parsed);
  const functions = {
    [REDIRECTED.strip]: stripFunction('both'),
    [REDIRECTED.lstrip]: stripFunction('left'),
    [REDIRECTED.rstrip]: stripFunction('right'),
    [REDIRECTED.strftime_now]: (format: string) => strftime(clock(), format),
  };
  return ({ messages, tools, addGenerationPrompt, others }) => {
    const variables = { documents: null, ...others, messages, tools, add_generation_prompt: addGenerationPrompt, ...functions };
    return attempt(() => template.render(variables), `${file} refuses this conversation`, file);
  };
}

/** A value of another type is turned into text as Jinja's `trim` would. */
function stripFunction(side: StripSide): (text: unknown, characters?: string | null) => string {
  return (text, characters) => pythonStrip(pythonText(text), side, characters ?? undefined);
}

function pythonText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === undefined) return '';
  if (value === null) return 'None';
  return typeof value === 'object' ? JSON.stringify(value) : `${value as number | boolean}`;
}

function attempt<Result>(action: () => Result, failure: string, file: string): Result {
  try {
    return action();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FormatError(`${failure}: ${reason}`, { file, field: 'chat_template' }, { cause: error });
  }
}

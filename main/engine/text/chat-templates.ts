/**
 * @file Which chat template of a model applies: a folder may hold several (a default one, one for tool use).
 */
import { FormatError } from '#contract/errors.ts';
import type { JsonValue } from '#engine/data/row.ts';
import type { TokenizerSource } from './tokenizer-source.ts';

/** Name → Jinja source; empty when the model has none. Files win over the config, as in transformers. */
export function readChatTemplates(source: TokenizerSource): Readonly<Record<string, string>> {
  if (Object.keys(source.chatTemplateFiles).length > 0) return source.chatTemplateFiles;
  const config = source.tokenizerConfig;
  const value = typeof config === 'object' && config !== null ? (config as Record<string, unknown>)['chat_template'] : null;
  if (value === null || value === undefined) return {};
  if (typeof value === 'string') return { default: value };
  if (Array.isArray(value)) {
    const named = value.filter(
      (item): item is { name: string; template: string } => typeof item?.name === 'string' && typeof item?.template === 'string',
    );
    if (named.length === value.length) return Object.fromEntries(named.map((item) => [item.name, item.template]));
  }
  const file = `${source.folder}/tokenizer_config.json`;
  throw new FormatError(`${file}: chat_template must be a text, or a list of {name, template}.`, { file, field: 'chat_template' });
}

/**
 * The name of the template for one conversation.
 * @throws {FormatError} if there is none
 */
export function pickChatTemplate(templates: Readonly<Record<string, string>>, tools: readonly JsonValue[] | null, folder: string): string {
  if (tools !== null && templates['tool_use'] !== undefined) return 'tool_use';
  if (templates['default'] !== undefined) return 'default';
  const names = Object.keys(templates);
  throw new FormatError(
    names.length === 0
      ? `${folder} has no chat template, so rows made of chat messages cannot be tokenised; add a chat_template.jinja, or use plain text.`
      : `${folder} has no chat template named "default" (it has ${names.join(', ')}).`,
    { file: folder, field: 'chat_template' },
  );
}

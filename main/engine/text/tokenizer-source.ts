/**
 * @file What a tokenizer is built from: the parsed contents of the files in a model folder. Reading them is the work of
 * `#io/tokenizer-files.ts`; this side is pure.
 */

export interface TokenizerSource {
  /** Names the folder in messages. */
  readonly folder: string;
  /** Parsed `tokenizer.json`. */
  readonly tokenizerJson: unknown;
  /** Parsed `tokenizer_config.json`, or `null` when there is none. */
  readonly tokenizerConfig: unknown;
  /** Parsed `special_tokens_map.json`, or `null`; only looked at when the config lists no `added_tokens_decoder`. */
  readonly specialTokensMap: unknown;
  /**
   * Templates found as files: `chat_template.jinja` under `default`, `additional_chat_templates/NAME.jinja` under NAME.
   * They take the place of the config's own `chat_template`.
   */
  readonly chatTemplateFiles: Readonly<Record<string, string>>;
}

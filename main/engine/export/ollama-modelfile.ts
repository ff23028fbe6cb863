/** @file Ollama's recipe for a model. @see https://github.com/ollama/ollama/blob/main/docs/modelfile.md */

export interface OllamaModel {
  /** GGUF file beside the Modelfile. */
  readonly modelFile: string;
  /** GGUF LoRA beside it, or null. */
  readonly adapterFile: string | null;
  readonly contextTokens: number;
  /** Texts that end an answer. */
  readonly stops: readonly string[];
  readonly system: string | null;
}

/** The chat template is in the GGUF file, from where Ollama takes it. */
export function ollamaModelfile({ modelFile, adapterFile, contextTokens, stops, system }: OllamaModel): string {
  return [
    '# ollama create my-model -f Modelfile && ollama run my-model',
    `FROM ./${modelFile}`,
    ...(adapterFile === null ? [] : [`ADAPTER ./${adapterFile}`]),
    `PARAMETER num_ctx ${contextTokens}`,
    ...stops.map((text) => `PARAMETER stop ${quoted(text)}`),
    ...(system === null ? [] : [`SYSTEM """${system.replaceAll('"""', '"" "')}"""`]),
    '',
  ].join('\n');
}

function quoted(text: string): string {
  return `"${text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', String.raw`\"`)
    .replaceAll('\n', String.raw`\n`)}"`;
}

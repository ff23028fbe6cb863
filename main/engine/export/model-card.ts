/** @file The README.md of an exported adapter or model: what it is, how it was made, how to load it. */

export interface ModelCard {
  readonly kind: 'adapter' | 'merged';
  readonly title: string;
  /** Hub name, or the folder's name where no hub name is known. */
  readonly baseModel: string;
  readonly method: string | null;
  /** In the order in which they are shown. */
  readonly settings: readonly (readonly [name: string, value: string])[];
  readonly data: readonly string[];
  readonly metrics: readonly (readonly [name: string, value: string])[];
  /** File of the curves beside the card, or null. */
  readonly curves: string | null;
  /** The line that says whether it was loaded again with the same numbers; null before that. */
  readonly verification: string | null;
  readonly madeBy: string;
}

/** @see https://huggingface.co/docs/hub/model-cards for the fields at the top */
export function modelCard(card: ModelCard): string {
  const { kind, title, baseModel, method, settings, data, metrics, curves, verification, madeBy } = card;
  const tags = ['lora', ...(method === null ? [] : [method.toLowerCase()]), 'prospect'];
  const front = [
    '---',
    `base_model: ${JSON.stringify(baseModel)}`,
    kind === 'adapter' ? 'library_name: peft' : 'library_name: transformers',
    'pipeline_tag: text-generation',
    `tags: [${tags.join(', ')}]`,
    '---',
  ];
  const how = method === null ? 'with a LoRA adapter' : `with ${method} and LoRA`;
  const what = kind === 'adapter' ? 'A LoRA adapter for' : 'A copy of';
  const sections = [
    front.join('\n'),
    `# ${title}`,
    `${what} \`${baseModel}\`, aligned ${how} by ${madeBy}.${verification === null ? '' : ` ${verification}`}`,
    `## How to load it\n\n\`\`\`python\n${kind === 'adapter' ? adapterCode(baseModel) : mergedCode()}\n\`\`\``,
    ...(data.length === 0 ? [] : [`## Data\n\n${data.map((line) => `- ${line}`).join('\n')}`]),
    ...(metrics.length === 0 ? [] : [`## Results\n\n${table(['metric', 'value'], metrics)}`]),
    ...(curves === null ? [] : [`![Training curves](${curves})`]),
    ...(settings.length === 0 ? [] : [`## Settings\n\nNames are those of TRL and PEFT.\n\n${table(['setting', 'value'], settings)}`]),
  ];
  return `${sections.join('\n\n')}\n`;
}

function adapterCode(baseModel: string): string {
  return [
    'from peft import PeftModel',
    'from transformers import AutoModelForCausalLM, AutoTokenizer',
    '',
    `base = ${JSON.stringify(baseModel)}  # or the folder where you keep it`,
    'tokenizer = AutoTokenizer.from_pretrained(base)',
    'model = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(base), ".")',
  ].join('\n');
}

function mergedCode(): string {
  return [
    'from transformers import AutoModelForCausalLM, AutoTokenizer',
    '',
    'tokenizer = AutoTokenizer.from_pretrained(".")',
    'model = AutoModelForCausalLM.from_pretrained(".")',
  ].join('\n');
}

function table(head: readonly [string, string], rows: readonly (readonly [string, string])[]): string {
  const line = ([name, value]: readonly [string, string]): string => `| ${cell(name)} | ${cell(value)} |`;
  return [line(head), '| --- | --- |', ...rows.map(([name, value]) => line([`\`${name}\``, value]))].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', String.raw`\|`).replaceAll('\n', ' ');
}

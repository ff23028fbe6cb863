/** @file What to type to use an export in other programs. */
import { join } from 'node:path';
import type { ExportForm, NextStep } from '#contract/exports.ts';

export interface ExportPlace {
  readonly form: ExportForm;
  readonly folder: string;
  /** Names in it. */
  readonly files: readonly string[];
  /** Hub name, or the folder's name. */
  readonly baseModel: string;
  readonly companion: { readonly file: string; readonly name: string } | null;
  readonly platform: NodeJS.Platform;
}

/** Nothing in it means anything to a POSIX shell, cmd or PowerShell. */
const PLAIN = /^[\w@+=:./-]+$/;

export function nextSteps({ form, folder, files, baseModel, companion, platform }: ExportPlace): NextStep[] {
  const quoted = (text: string): string => quote(text, platform);
  const name = modelName(folder);
  const gguf = files.find((file) => file.endsWith('.gguf')) ?? '';
  const ollama: NextStep = {
    about: 'Talk to it in Ollama',
    command: `cd ${quoted(folder)}\nollama create ${name} -f Modelfile\nollama run ${name}`,
  };
  switch (form) {
    case 'adapter':
      return [
        {
          about: 'Serve it with vLLM beside its base model',
          command: `vllm serve ${quoted(baseModel)} --enable-lora --lora-modules ${quoted(`${name}=${folder}`)}`,
        },
        { about: 'Load it in Python', command: python(folder, 'peft', 'AutoPeftModelForCausalLM') },
      ];
    case 'merged':
      return [
        { about: 'Serve it with vLLM', command: `vllm serve ${quoted(folder)}` },
        { about: 'Load it in Python', command: python(folder, 'transformers', 'AutoModelForCausalLM') },
      ];
    case 'gguf':
      return [ollama, { about: 'Talk to it in llama.cpp', command: `llama-cli -m ${quoted(join(folder, gguf))}` }];
    case 'gguf-lora': {
      const copy = platform === 'win32' ? 'copy' : 'cp';
      const base = companion && {
        about: 'Put the base model beside it, once',
        command: `${copy} ${quoted(companion.file)} ${quoted(join(folder, companion.name))}`,
      };
      const llama = `llama-cli -m ${quoted(companion?.file ?? '')} --lora ${quoted(join(folder, gguf))}`;
      return [...(base ? [base] : []), ollama, { about: 'Talk to it in llama.cpp', command: llama }];
    }
    case 'trl-job':
      return [
        {
          about: 'On a machine with a graphics card, after copying the folder there',
          command: `pip install -r requirements.txt\naccelerate launch --config_file accelerate-one-gpu.yaml train.py --bf16`,
        },
        { about: 'On several graphics cards', command: 'accelerate launch --config_file accelerate-fsdp.yaml train.py --bf16' },
      ];
    default:
      return form satisfies never;
  }
}

function python(folder: string, library: string, model: string): string {
  return `from ${library} import ${model}\nmodel = ${model}.from_pretrained(${JSON.stringify(folder)})`;
}

/** As Ollama and vLLM take it. */
function modelName(folder: string): string {
  const last = folder.split(/[\\/]/).at(-1) ?? '';
  return (
    last
      .toLowerCase()
      .replaceAll(/[^a-z0-9._-]+/g, '-')
      .replaceAll(/^[-._]+|[-._]+$/g, '') || 'my-model'
  );
}

function quote(text: string, platform: NodeJS.Platform): string {
  if (PLAIN.test(text)) return text;
  return platform === 'win32' ? `"${text}"` : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

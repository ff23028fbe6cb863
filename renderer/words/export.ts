/** @file What the Export step says. */
import type { ExportDtype, ExportForm } from '#contract/exports.ts';
import { counted, formatBytes, formatTime } from './numbers.ts';

export const exportWords = {
  loading: 'Loading what can be exported',
  source: {
    title: 'What to export',
    label: 'Adapter',
    option: (name: string, method: string | null, at: number): string =>
      `${name} · ${method === null ? 'brought in' : method.toUpperCase()} · ${formatTime(at)}`,
    model: (name: string): string => `Made for ${name}.`,
    noModel: 'Its base model is not known.',
  },
  form: {
    title: 'As what',
    label: 'Form of the export',
    names: {
      adapter: 'PEFT adapter',
      merged: 'Merged model',
      gguf: 'GGUF model',
      'gguf-lora': 'GGUF adapter',
      'trl-job': 'TRL job',
    } satisfies Record<ExportForm, string>,
    about: {
      adapter: 'What was trained, and nothing else: a small folder for PEFT, Transformers and vLLM, used with its base model.',
      merged: 'The base model with the adapter worked into it: a Hugging Face folder that loads by itself, in its own number type.',
      gguf: 'One file with everything in it, for llama.cpp, Ollama, LM Studio and the like on any computer; with a Modelfile.',
      'gguf-lora': 'A small file that llama.cpp or Ollama lays over the base model: good for several adapters of one model.',
      'trl-job': 'The run itself, to repeat or continue on a cluster: its rows in their order, its settings, train.py, accelerate.',
    } satisfies Record<ExportForm, string>,
  },
  dtype: {
    label: 'Numbers in the file',
    names: { F16: 'F16', Q8_0: 'Q8_0', F32: 'F32' } satisfies Record<ExportDtype, string>,
    about: {
      F16: 'Two bytes a weight: the usual choice.',
      Q8_0: 'About one byte a weight: half the size and hardly a difference.',
      F32: 'Four bytes a weight: exact, and twice the size.',
    } satisfies Record<ExportDtype, string>,
  },
  place: {
    title: 'Where',
    pick: 'Choose folder…',
    parent: 'Folder to put it in',
    orParent: 'Or the path of the folder to put it in',
    placeholder: '/home/me/models',
    name: 'Name of the new folder',
    needs: (bytes: number, free: number | null): string =>
      `Needs ${formatBytes(bytes)}${free === null ? '' : `; ${formatBytes(free)} are free on that disk`}.`,
    cache: (bytes: number): string => `The base model as GGUF is kept in Prospect’s cache for it, once: ${formatBytes(bytes)}.`,
    into: 'It will lie in',
    afterwards: 'It is loaded again and compared with what was trained before it is called done.',
    notChecked: 'A job can not be tried here, because it needs TRL; its rows and settings are those of the run.',
  },
  start: 'Export',
  made: {
    title: 'Exports of this project',
    none: 'None yet. What you export is listed here, so that you find it again.',
    label: (form: string, dtype: string | null): string => (dtype === null ? form : `${form}, ${dtype}`),
    from: (name: string, at: number): string => `from ${name}, ${formatTime(at)}`,
    verified: 'Verified',
    notVerified: 'Not verified',
    gone: 'Not there any more',
    notTried: 'Not tried here',
    badTitle: 'Do not use this export',
    folder: 'Folder',
    files: (count: number, bytes: number): string => `${counted(count, 'file', 'files')}, ${formatBytes(bytes)}`,
    file: 'File',
    size: 'Size',
    notes: 'Good to know',
    next: 'What to type next',
    copy: (about: string): string => `Copy: ${about}`,
    copyShort: 'Copy',
    copied: 'Copied',
    reveal: 'Show folder',
    revealed: (path: string): string => `It lies in ${path}.`,
    forget: 'Take from this list',
    forgetAbout: 'Its files stay.',
  },
  bringIn: {
    title: 'Bring in from elsewhere',
    kind: 'What to bring in',
    kinds: { adapter: 'PEFT adapter', run: 'Finished run' },
    about: {
      adapter: 'A LoRA adapter in PEFT’s layout. It is checked against the base model and copied; then it is in Chat, Compare and here.',
      run: 'The folder that prospect train has written: its settings, its whole curve and its adapter come into History, too.',
    },
    folder: 'Its folder',
    placeholder: '/home/me/adapters/reviewer',
    model: 'Base model',
    ownModel: { adapter: 'the project’s', run: 'the run’s own' },
    start: 'Bring in',
    done: (name: string): string => `${name} was brought in.`,
  },
  empty: {
    title: 'Nothing to export yet',
    about:
      'A finished run leaves an adapter, which you take away here: as a PEFT folder, merged into its model, for llama.cpp and Ollama, or as a job for a cluster.',
  },
} as const;

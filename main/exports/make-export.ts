/** @file Makes an export of any form. */
import type { ExportDtype, ExportForm } from '#contract/exports.ts';
import type { Exported, ExportOptions } from './export-request.ts';
import type { OpenGguf } from './verify-gguf.ts';

export interface FormOptions {
  readonly form: ExportForm;
  /** Of GGUF files. */
  readonly dtype: ExportDtype;
  /** How a GGUF file is loaded again. */
  readonly openGguf: OpenGguf;
}

/** @throws {OutputBusyError} if the folder holds something @throws {AppError} with one sentence for the person */
export async function makeExport({ form, dtype, openGguf }: FormOptions, options: ExportOptions): Promise<Exported> {
  switch (form) {
    case 'adapter':
      return (await import('./export-adapter.ts')).exportAdapter(options);
    case 'merged':
      return (await import('./export-merged.ts')).exportMerged(options);
    case 'trl-job':
      return (await import('./export-trl-job.ts')).exportTrlJob(options);
    case 'gguf':
    case 'gguf-lora': {
      const { exportGguf } = await import('./export-gguf.ts');
      return exportGguf({ ...options, dtype, form: form === 'gguf' ? 'merged' : 'lora', openGguf, threads: null });
    }
    default:
      return form satisfies never;
  }
}

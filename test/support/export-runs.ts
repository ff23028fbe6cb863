/** @file The tiny runs whose exports TRL, PEFT and transformers were given; the same each time. */
import { join } from 'node:path';
import { exportAdapter } from '#exports/export-adapter.ts';
import { exportMerged } from '#exports/export-merged.ts';
import { exportTrlJob } from '#exports/export-trl-job.ts';
import type { ExportOptions } from '#exports/export-request.ts';
import { openRunSource } from '#exports/run-source.ts';
import { writeFileAtomically } from '#io/atomic-write.ts';
import { trainingJob } from '#jobs/training-job.ts';

export const EXPORT_BASE = join(import.meta.dirname, '../golden/trl/base');
export const METHODS = ['kto', 'dpo'] as const;

const SETTINGS = {
  learning_rate: 5e-3,
  lr_scheduler_type: 'cosine',
  max_steps: 6,
  per_device_train_batch_size: 4,
  gradient_accumulation_steps: 1,
  eval_ratio: 0.2,
  eval_steps: 3,
  lora_r: 4,
  lora_alpha: 8,
};

/** @returns the run's folder */
export async function trainForExport(method: (typeof METHODS)[number], folder: string): Promise<string> {
  const dataFile = join(folder, 'pairs.jsonl');
  const pairs = Array.from({ length: 12 }, (_, i) => ({ prompt: `Question ${i}? `, chosen: `a fine answer ${i}`, rejected: `no ${i}` }));
  await writeFileAtomically(dataFile, pairs.map((pair) => `${JSON.stringify(pair)}\n`).join(''));
  const outDir = join(folder, method);
  const request = {
    modelDir: EXPORT_BASE,
    dataFile,
    evalDataFile: null,
    outDir,
    settings: { ...SETTINGS, method },
    adapterInitDir: null,
    resume: false,
    cacheDir: join(folder, 'cache'),
    memoryBudgetBytes: null,
    badRows: 'stop' as const,
    probePromptsFile: null,
  };
  for await (const event of trainingJob(request, { signal: new AbortController().signal })) if (event.kind === 'stopped') break;
  return outDir;
}

export async function exportOptions(runDir: string, outDir: string): Promise<ExportOptions> {
  const source = await openRunSource(runDir, null);
  return { source, outDir, cacheDir: join(runDir, '../cache'), signal: new AbortController().signal };
}

/** Everything that other software is to load, into folders named after method and form. */
export async function exportEverything(method: (typeof METHODS)[number], runDir: string, folder: string): Promise<void> {
  await exportTrlJob(await exportOptions(runDir, join(folder, `${method}-job`)));
  await exportAdapter(await exportOptions(runDir, join(folder, `${method}-adapter`)));
  await exportMerged(await exportOptions(runDir, join(folder, `${method}-merged`)));
}

/** @file Reads a file of prompts: any data file whose records have a prompt, or a JSON list of texts. */
import { basename } from 'node:path';
import { ImportError } from '#contract/errors.ts';
import { parsePrompt } from '#engine/generate/parse-prompt.ts';
import type { Prompt } from '#engine/generate/parse-prompt.ts';
import { inOrder } from '#io/records/in-order.ts';
import { readRecords } from '#io/records/read-records.ts';

export interface ReadPromptsOptions {
  /** How many may be asked; more are refused. */
  readonly most?: number;
  readonly signal?: AbortSignal;
}

/**
 * @throws {ImportError} at the first record without a prompt, if there are none, or more than `most`
 * @throws {StorageError | CancelledError}
 */
export async function readPrompts(file: string, { most = Infinity, signal }: ReadPromptsOptions = {}): Promise<readonly Prompt[]> {
  const prompts: Prompt[] = [];
  for await (const { records, faults } of readRecords(file, signal ? { signal } : {})) {
    for (const item of inOrder(records, faults)) {
      if (!('value' in item)) throw new ImportError(item.message, { file, row: item.row });
      prompts.push(parsePrompt(item.value, { file: basename(file), row: item.row }));
    }
    if (prompts.length > most) {
      throw new ImportError(
        `${basename(file)} has more than ${most} prompts, and each is answered again and again. Keep the telling ones.`,
        {
          file,
        },
      );
    }
  }
  return prompts;
}

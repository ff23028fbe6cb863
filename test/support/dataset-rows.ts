/** @file Rows for tests of what a dataset holds. */
import type { ChatExample, ExampleRow, PairRow } from '#engine/data/row.ts';

export function example(prompt: string, completion: string, label = true, row = 1): ExampleRow {
  return { kind: 'example', form: 'text', row, prompt, completion, label };
}

export function pair(prompt: string, chosen: string, rejected: string, row = 1): PairRow {
  return { kind: 'pair', form: 'text', row, prompt, chosen, rejected };
}

export function tokenExample(promptIds: readonly number[], completionIds: readonly number[], label = true): ExampleRow {
  return {
    kind: 'example',
    form: 'tokens',
    row: 1,
    promptIds: Int32Array.from(promptIds),
    completionIds: Int32Array.from(completionIds),
    label,
  };
}

/** One question, one answer. */
export function chatExample(
  question: string,
  answer: string,
  { label = true, role = 'user', tools = null }: { label?: boolean; role?: string; tools?: ChatExample['options']['tools'] } = {},
): ExampleRow {
  return {
    kind: 'example',
    form: 'chat',
    row: 1,
    prompt: [{ role, content: question }],
    completion: [{ role: 'assistant', content: answer }],
    options: { tools, templateKwargs: {} },
    label,
  };
}

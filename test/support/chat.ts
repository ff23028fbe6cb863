/** @file Opens a small model in llama.cpp, in the test's own process. */
import { join } from 'node:path';
import { ChatModel } from '#chat/chat-model.ts';
import type { OpenChat } from '#chat/chat-messages.ts';
import { temporaryFolder } from './temporary-folder.ts';

export const GOLDEN = join(import.meta.dirname, '../golden');

/** @param model - a folder of test/golden */
export async function openRequest(model: string, options: Partial<OpenChat> = {}): Promise<OpenChat> {
  const cacheDir = options.cacheDir ?? (await temporaryFolder());
  return {
    modelDir: join(GOLDEN, model),
    ggufFile: null,
    dtype: 'F32',
    gpu: 'off',
    contextTokens: 256,
    threads: 1,
    exact: true,
    ...options,
    cacheDir,
  };
}

export async function openChat(model: string, options: Partial<OpenChat> = {}): Promise<ChatModel> {
  return ChatModel.open(await openRequest(model, options), { report: () => undefined, signal: new AbortController().signal });
}

/** @file Where the program of the chat process is: beside this one's sources, or beside what the build made. */
import { fileURLToPath } from 'node:url';
import type { ToChat } from '#chat/chat-messages.ts';
import { ChatProcess } from '#chat/chat-process.ts';
import { forkChild } from '#processes/fork-child.ts';

/** @param onOutput - told what llama.cpp prints, which is nothing unless something is wrong */
export function startChat(onOutput: (text: string) => void): ChatProcess {
  const program = import.meta.url.endsWith('.ts') ? '../chat/worker.ts' : '../chat-worker.js';
  return new ChatProcess(forkChild<ToChat>(fileURLToPath(new URL(program, import.meta.url)), onOutput));
}

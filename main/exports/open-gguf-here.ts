/** @file Opens a GGUF file in llama.cpp inside this process: for one that lives only as long as the question it answers. */
import { ChatModel } from '#chat/chat-model.ts';
import type { OpenGguf } from './verify-gguf.ts';

export const openGgufHere: OpenGguf = async (request, { signal }) => {
  const model = await ChatModel.open(request, { report: () => undefined, signal });
  return {
    score: (tokens) => model.score(tokens),
    // Its memory goes with the process.
    close: () => undefined,
  };
};

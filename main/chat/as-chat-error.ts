/** @file What llama.cpp throws, as an error a person can act on. */
import { AppError, CancelledError, FormatError, InternalError, OutOfMemoryError } from '#contract/errors.ts';

/** @param file - the GGUF file that was being used */
export function asChatError(error: unknown, file: string): AppError {
  if (error instanceof AppError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof Error && error.name === 'AbortError') return new CancelledError('The answer was stopped.');
  if (/insufficient|not enough|out of memory|too large for the available/i.test(message)) {
    return new OutOfMemoryError(
      `There is too little memory to chat with ${file}: ${message}. Close other programs, choose a smaller context, or use Q8_0 weights.`,
      { neededBytes: 0, availableBytes: 0 },
    );
  }
  if (/NoBinaryFound/.test(error instanceof Error ? error.name : '')) {
    return new InternalError(
      `llama.cpp has no program for this system: ${message}. Chatting is not possible here; training is.`,
      {},
      { cause: error },
    );
  }
  if (/failed to load model|invalid|unknown model architecture|lora|adapter/i.test(message)) {
    return new FormatError(`llama.cpp can't use ${file}: ${message}.`, { file }, { cause: error });
  }
  return new InternalError(`llama.cpp failed: ${message}.`, { file }, { cause: error });
}

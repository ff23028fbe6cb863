/** @file What goes wrong with the Hub, in a sentence. */
import { AppError, CancelledError, StorageError } from '#contract/errors.ts';

/** @param doing - "look up owner/name": what could not be done */
export function hubError(error: unknown, doing: string, url: string): AppError {
  if (error instanceof AppError) return error;
  const host = URL.parse(url)?.host ?? url;
  const status = statusOf(error);
  const say = (text: string): StorageError => new StorageError(text, { file: url }, { cause: error });
  if (isAbort(error)) return new CancelledError();
  if (status === 401 || status === 403) {
    return say(
      `${host} does not let Prospect ${doing}: the name is wrong, or the model is private or gated. Accept its terms on its page and download it with a program that signs in, then choose its folder.`,
    );
  }
  if (status === 404) return say(`${host} has no such model or revision, so Prospect could not ${doing}. Check the name.`);
  if (status === 429) return say(`${host} asks for a pause: it was asked too often. Try again in a few minutes.`);
  if (status !== null) return say(`${host} answered with status ${status}, so Prospect could not ${doing}. Try again later.`);
  return say(`${host} could not be reached (${reasonOf(error)}), so Prospect could not ${doing}. Check the connection and try again.`);
}

function statusOf(error: unknown): number | null {
  const status: unknown = typeof error === 'object' && error !== null ? (error as { statusCode?: unknown }).statusCode : undefined;
  return typeof status === 'number' ? status : null;
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** fetch says only "fetch failed"; the reason is its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, message } = (error.cause ?? {}) as { readonly code?: string; readonly message?: string };
  return code ?? message ?? error.message;
}

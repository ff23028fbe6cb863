/** @file Sends a dropped file to the browser host. */
import { TOKEN_HEADER } from '#contract/channels.ts';
import { StorageError } from '#contract/errors.ts';
import { unwrap, type Result } from '#contract/result.ts';

export interface SendFileOptions {
  readonly url: string;
  readonly token: string;
  /** Part that was sent, 0 to 1. */
  readonly onProgress?: (part: number) => void;
}

/**
 * By XMLHttpRequest, because fetch does not tell how much was sent.
 * @returns the upload's id
 * @throws {AppError} if the host refuses it or goes away
 */
export async function sendFile(file: File, { url, token, onProgress }: SendFileOptions): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const sent = new XMLHttpRequest();
  sent.open('POST', `${url}?name=${encodeURIComponent(file.name)}`);
  sent.setRequestHeader(TOKEN_HEADER, token);
  sent.upload.addEventListener('progress', ({ loaded, total }) => onProgress?.(total === 0 ? 1 : loaded / total));
  sent.addEventListener('load', () => resolve(sent.responseText));
  sent.addEventListener('error', () => reject(new StorageError(`${file.name} could not be sent. Drop it again.`, { file: file.name })));
  sent.send(file);
  return unwrap(resultOf(await promise, file.name)).upload;
}

function resultOf(text: string, name: string): Result<{ readonly upload: string }> {
  try {
    return JSON.parse(text) as Result<{ readonly upload: string }>;
  } catch {
    throw new StorageError(`${name} was refused (${text.trim()}). Reload the page, then drop it again.`, { file: name });
  }
}

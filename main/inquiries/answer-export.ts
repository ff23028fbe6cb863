/** @file Makes an export in this process, the check by llama.cpp included: a child of an Electron utility process can start none of its own. */
import type { ExportProgress } from '#exports/export-request.ts';
import { makeExport } from '#exports/make-export.ts';
import { openGgufHere } from '#exports/open-gguf-here.ts';
import { openRunSource } from '#exports/run-source.ts';
import { verificationText } from '#exports/verification.ts';
import type { ExportAnswer, ExportRequest } from './inquiry-messages.ts';

/** @throws {AppError} with one sentence for the person */
export async function answerExport(
  { adapterDir, modelDir, form, dtype, outDir, cacheDir, rows }: ExportRequest,
  around: { readonly signal: AbortSignal; readonly onProgress: (progress: ExportProgress) => void },
): Promise<ExportAnswer> {
  const source = { ...(await openRunSource(adapterDir, modelDir)), rows };
  const { files, verification, notes, companion } = await makeExport(
    { form, dtype, openGguf: openGgufHere },
    { source, outDir, cacheDir, ...around },
  );
  const check = verification && { isSame: verification.isSame, text: verificationText(verification) };
  return { files, check, notes, companion };
}

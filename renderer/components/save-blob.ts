/** @file Hands bytes that the page made to the person, as a download. */

export function saveBlob(blob: Blob, fileName: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = fileName;
  link.click();
  // The download has begun by then; at once would be too early.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

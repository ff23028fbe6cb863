/** @file The nonce that allows style elements made by the page's own libraries; whoever serves the page puts a new one into it each time. */

declare global {
  interface Window {
    /** Where libraries below Mantine (those that lock scrolling) look for it. */
    __webpack_nonce__?: string;
  }
}

export function styleNonce(document: Document): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
}

/** @file Where the page begins. */
import '@mantine/core/styles.css';
import '@mantine/dropzone/styles.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { z } from 'zod';
import { openClient } from '#renderer/api/open-client.ts';
import { createQueries } from '#renderer/api/queries.ts';
import { App } from './app.tsx';
import { styleNonce } from './style-nonce.ts';

// zod makes functions from text where it may; the page's policy forbids that, and even trying is reported.
z.config({ jitless: true });

const nonce = styleNonce(document);
// oxlint-disable-next-line no-underscore-dangle -- the name is theirs
window.__webpack_nonce__ = nonce;

const root = document.querySelector('#root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App client={openClient(window)} queries={createQueries()} nonce={nonce} />
    </StrictMode>,
  );
}

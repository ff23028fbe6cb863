/**
 * @file Builds everything into dist/: the programs of Node and Electron (one file each, packages left in node_modules, since native ones
 * cannot be bundled), the preload file, and the window.
 */
import { existsSync } from 'node:fs';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { licencePlugin } from './resources/build/licences.ts';

// Each becomes dist/<name>.js; a program that is started as a process of its own needs its own line.
const PROGRAMS: Readonly<Record<string, string>> = {
  cli: 'main/cli.ts',
  index: 'main/index.ts',
  'browser-host': 'main/browser-host.ts',
  worker: 'main/jobs/worker.ts',
  inquiry: 'main/inquiries/worker.ts',
  'chat-worker': 'main/chat/worker.ts',
};

for (const source of Object.values(PROGRAMS)) {
  if (!existsSync(new URL(source, import.meta.url))) throw new Error(`The build needs ${source}, which does not exist.`);
}

export default defineConfig({
  main: {
    plugins: [licencePlugin('licences.json', { alsoInstalled: true })],
    build: {
      target: 'node24',
      outDir: 'dist',
      emptyOutDir: true,
      sourcemap: true,
      // Stack traces in a report should be readable, and size does not matter on disk.
      minify: false,
      rolldownOptions: {
        input: { ...PROGRAMS },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      target: 'node24',
      outDir: 'dist/preload',
      // A sandboxed preload file can load nothing, so it is one file, and CommonJS.
      externalizeDeps: false,
      rolldownOptions: { input: { index: 'preload/index.ts' }, output: { format: 'cjs', entryFileNames: '[name].cjs' } },
    },
  },
  renderer: {
    root: 'renderer',
    plugins: [react(), licencePlugin('licences.json', { alsoInstalled: false })],
    // Replaced by whoever serves the page, with another one each time (window-files.ts).
    html: { cspNonce: 'PROSPECT-NONCE' },
    build: {
      target: 'es2022',
      outDir: 'dist/renderer',
      emptyOutDir: true,
      minify: true,
      // Small pictures and fonts as files of their own: the page's policy allows no data: fonts.
      assetsInlineLimit: 0,
      rolldownOptions: { input: 'renderer/index.html' },
    },
  },
});

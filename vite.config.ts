/**
 * @file Bundles the command line for Node: one file a program in dist/, packages left in node_modules, since native ones
 * cannot be bundled.
 */
import { existsSync } from 'node:fs';
import { defineConfig } from 'vite';

// Each becomes dist/<name>.js; a program that is started as a process of its own needs its own line.
const PROGRAMS: Readonly<Record<string, string>> = { cli: 'main/cli.ts' };

for (const source of Object.values(PROGRAMS)) {
  if (!existsSync(new URL(source, import.meta.url))) throw new Error(`The build needs ${source}, which does not exist.`);
}

export default defineConfig({
  build: {
    ssr: true,
    target: 'node24',
    outDir: 'dist',
    emptyOutDir: true,
    sourcemap: true,
    // Stack traces in a report should be readable, and size does not matter on disk.
    minify: false,
    rolldownOptions: {
      input: { ...PROGRAMS },
      output: { format: 'esm', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
});

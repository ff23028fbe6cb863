/** @file A forbidden import fails lint with its rule in words, an allowed one passes: one case or more for every row of the layer table. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const PURE = 'engine/ is pure';
const CONTRACT = 'The contract imports only zod';
const BACKEND = 'backends never import each other';
const FEATURE = 'A renderer feature never imports another';
const OWNED = (owner: string) => `Only ${owner}`;

/** Folder or file, what it imports, and words of the rule that must be shown. */
const FORBIDDEN: readonly (readonly [string, string, string])[] = [
  ['preload/contract', '#engine/data/row.ts', CONTRACT],
  ['preload/contract', 'electron', CONTRACT],
  ['preload/contract', 'node:fs', CONTRACT],
  ['preload', '#io/csv.ts', 'preload/ imports only the contract and Electron'],
  ['main/engine', '#io/csv.ts', PURE],
  ['main/engine', 'node:fs', PURE],
  ['main/engine', 'onnxruntime-node', PURE],
  ['main/engine/tensor', '#engine/graph/op.ts', 'engine/tensor imports nothing else of the engine'],
  ['main/engine/tensor', 'node:fs', 'engine/tensor imports nothing else of the engine'],
  ['main/engine/graph', '#engine/model/decoder.ts', 'engine/graph imports only tensor'],
  ['main/engine/graph', '#backends/tfjs/ops.ts', 'engine/graph imports only tensor'],
  ['main/engine/data', '#engine/graph/op.ts', 'engine/data imports nothing of the engine but tensor'],
  ['main/engine/text', '#engine/model/decoder.ts', 'engine/text imports only data and tensor'],
  ['main/engine/text', '@huggingface/hub', 'engine/text imports only data and tensor'],
  ['main/engine/model', '#engine/train/loop.ts', 'engine/model imports only graph and tensor'],
  ['main/engine/model', '#engine/data/row.ts', 'engine/model imports only graph and tensor'],
  ['main/engine/model', '@huggingface/tokenizers', 'engine/model imports only graph and tensor'],
  ['main/engine/adapter', '#engine/train/loop.ts', 'engine/adapter imports only model, graph and tensor'],
  ['main/engine/train', '#engine/export/gguf.ts', 'engine/train imports the engine below it'],
  ['main/engine/train', '#backends/onnxruntime/run.ts', 'engine/train imports the engine below it'],
  ['main/engine/generate', '#engine/train/random.ts', 'engine/generate imports the engine below it'],
  ['main/engine/generate', '#backends/onnxruntime/run.ts', 'engine/generate imports the engine below it'],
  ['main/engine/generate', 'node:fs', 'engine/generate imports the engine below it'],
  ['main/engine/train', '#engine/generate/generate.ts', 'engine/train imports the engine below it'],
  ['main/engine/export', '#io/gguf.ts', 'engine/export imports the engine'],
  ['main/backends/onnxruntime', '#backends/tfjs/ops.ts', BACKEND],
  ['main/backends/tfjs', '#backends/onnxruntime/ops.ts', BACKEND],
  ['main/backends/onnxruntime', '#engine/model/decoder.ts', BACKEND],
  ['main/backends/onnxruntime', '#io/csv.ts', BACKEND],
  ['main/backends/onnxruntime', '@tensorflow/tfjs', OWNED('main/backends/tfjs')],
  ['main/backends/device', '#backends/tfjs/ops.ts', 'backends/device (what every backend needs'],
  ['main/io', '#backends/onnxruntime/run.ts', 'io/ imports only the contract and the engine'],
  ['main/io', '#store/runs.ts', 'io/ imports only the contract and the engine'],
  ['main/io', 'better-sqlite3', OWNED('main/store')],
  ['main/io', 'electron', OWNED('main/app')],
  ['main/store', '#engine/data/row.ts', 'store/ imports only better-sqlite3'],
  ['main/store', 'onnxruntime-node', 'store/ imports only better-sqlite3'],
  ['main/datasets', '#jobs/training-job.ts', 'datasets/ (what a person does with a dataset)'],
  ['main/datasets', 'better-sqlite3', OWNED('main/store')],
  ['main/projects', '#ipc/register.ts', 'projects/ (what a person does with a project)'],
  ['main/projects', '#backends/onnxruntime/run.ts', 'projects/ (what a person does with a project)'],
  ['main/comparisons', '#ipc/register.ts', 'comparisons/ (runs side by side)'],
  ['main/comparisons', '#backends/onnxruntime/run.ts', 'comparisons/ (runs side by side)'],
  ['main/transfer', '#ipc/register.ts', 'transfer/ (what leaves a project, and what comes into one)'],
  ['main/transfer', '#backends/onnxruntime/run.ts', 'transfer/ (what leaves a project, and what comes into one)'],
  ['main/starter', '#engine/model/decoder.ts', 'starter/ (the texts of the starter model'],
  ['main/engines', '#jobs/training-job.ts', 'engines/ (which backend computes on this machine)'],
  ['main/engines', 'onnxruntime-node', OWNED('main/backends')],
  ['main/jobs', '#store/runs.ts', 'jobs/ imports only the engine, engines, backends, io'],
  ['main/jobs', '#ipc/register.ts', 'jobs/ imports only the engine, engines, backends, io'],
  ['main/jobs', 'onnxruntime-node', OWNED('main/backends')],
  ['main/processes', '#jobs/run-lock.ts', 'processes/ (starting a child process'],
  ['main/playground', '#runs/supervisor.ts', 'playground/ (conversations with the models of a project)'],
  ['main/playground', 'node-llama-cpp', OWNED('main/chat')],
  ['main/inquiries', '#store/runs.ts', 'inquiries/ (what is asked of a process of its own)'],
  ['main/chat', '#store/runs.ts', 'chat/ imports only the engine, io'],
  [
    'main/ipc',
    '#engine/train/loop.ts',
    'ipc/ imports only transfer, projects, setup, comparisons, datasets, runs, store, engines, inquiries, jobs, io, chat',
  ],
  [
    'main/ipc',
    '#backends/onnxruntime/run.ts',
    'ipc/ imports only transfer, projects, setup, comparisons, datasets, runs, store, engines, inquiries, jobs, io, chat',
  ],
  ['main/app', '#store/runs.ts', 'app/ is Electron only'],
  ['main/app', '#browser/socket.ts', 'app/ is Electron only'],
  ['main/runs', '#ipc/dispatch.ts', 'runs/ (starts, watches and keeps runs)'],
  ['main/runs', '#backends/onnxruntime/run.ts', 'runs/ (starts, watches and keeps runs)'],
  ['main/host', '#app/window.ts', 'host/ (what the window and the browser host share)'],
  ['main/host', '#engine/data/row.ts', 'host/ (what the window and the browser host share)'],
  ['main/host', 'electron', OWNED('main/app')],
  ['main/browser', '#store/runs.ts', 'browser/ serves the window to a browser'],
  ['main/browser', '#app/window.ts', 'browser/ serves the window to a browser'],
  ['main/browser', 'electron', OWNED('main/app')],
  ['main/ipc', 'ws', OWNED('main/browser')],
  ['main/start.ts', '#browser/socket.ts', 'start/ chooses a host'],
  ['main/start', '#store/runs.ts', 'start/ chooses a host'],
  ['main/cli', '#app/window.ts', 'The command line imports everything of main but app/ and ipc/'],
  ['main/cli', '#ipc/register.ts', 'The command line imports everything of main but app/ and ipc/'],
  ['main/cli', '#browser/socket.ts', 'The command line imports everything of main but app/ and ipc/'],
  ['main/cli.ts', '#app/window.ts', 'The command line imports everything of main but app/ and ipc/'],
  ['main/cli.ts', './app/window.ts', 'The command line imports everything of main but app/ and ipc/'],
  ['renderer', '#engine/data/row.ts', 'The renderer imports only the contract'],
  ['renderer', '#ipc/register.ts', 'The renderer imports only the contract'],
  ['renderer', 'node:fs', 'The renderer imports only the contract'],
  ['renderer', 'electron', OWNED('main/app')],
  ['renderer/features/train', '#renderer/features/pairs/page.tsx', FEATURE],
  ['renderer/features/train', '#io/csv.ts', FEATURE],
  ['renderer/features/train', 'node:fs', FEATURE],
  ['renderer/components', '#renderer/features/pairs/page.tsx', FEATURE],
  ['main/engine/train', '../tensor/tensor.ts', 'Parent-relative imports are banned'],
  ['main/jobs', '../io/csv.ts', 'Parent-relative imports are banned'],
  ['renderer/features/train', '../pairs/page.tsx', 'Parent-relative imports are banned'],
  ['test/engine', '../../main/engine/tensor/tensor.ts', 'Parent-relative imports are banned'],
];

const ALLOWED: readonly (readonly [string, readonly string[]])[] = [
  ['preload/contract', ['zod', './errors.ts', '#contract/errors.ts']],
  ['preload', ['electron', '#contract/errors.ts']],
  ['main/engine', ['#engine/train/loop.ts', '#engine/export/gguf.ts', './model/decoder.ts', '#contract/errors.ts', 'zod']],
  ['main/engine/tensor', ['./tensor.ts', '#contract/errors.ts']],
  ['main/engine/graph', ['#engine/tensor/tensor.ts', '#engine/graph/rules/add.ts', './op.ts', '#contract/errors.ts']],
  ['main/engine/data', ['#engine/tensor/tensor.ts', '#contract/errors.ts', 'zod']],
  ['main/engine/text', ['#engine/data/row.ts', '@huggingface/tokenizers', '@huggingface/jinja', 'zod']],
  ['main/engine/model', ['#engine/graph/op.ts', '#engine/tensor/tensor.ts', '#contract/errors.ts', 'zod']],
  ['main/engine/adapter', ['#engine/model/lora.ts', '#engine/graph/op.ts']],
  ['main/engine/train', ['#engine/adapter/x.ts', '#engine/text/x.ts', '#engine/data/x.ts', '#engine/model/x.ts']],
  ['main/engine/export', ['#engine/train/x.ts', '#engine/adapter/x.ts']],
  [
    'main/backends/onnxruntime',
    ['onnxruntime-node', 'onnx-buf', '@bufbuild/protobuf', 'node:fs', '#engine/graph/op.ts', '#backends/onnxruntime/x.ts'],
  ],
  ['main/backends/tfjs', ['@tensorflow/tfjs', '#engine/tensor/tensor.ts', '#backends/tfjs/x.ts']],
  ['main/io', ['node:fs/promises', '#engine/data/row.ts', '#contract/errors.ts', 'papaparse', './safetensors/read.ts']],
  ['main/store', ['better-sqlite3', 'node:path', '#contract/errors.ts', 'zod']],
  ['main/engines', ['node:child_process', '#engine/train/x.ts', '#backends/tfjs/x.ts', '#io/x.ts', 'zod']],
  ['main/jobs', ['node:child_process', '#engines/x.ts', '#engine/train/x.ts', '#backends/onnxruntime/x.ts', '#io/x.ts', 'zod']],
  ['main/processes', ['node:child_process', 'zod', '#contract/errors.ts']],
  ['main/playground', ['#chat/x.ts', '#inquiries/x.ts', '#datasets/x.ts', '#store/x.ts']],
  ['main/inquiries', ['#exports/x.ts', '#jobs/x.ts', '#engines/x.ts', '#processes/x.ts']],
  ['main/comparisons', ['#exports/x.ts', '#inquiries/x.ts', '#store/x.ts', '#runs/x.ts', '#datasets/x.ts']],
  ['main/transfer', ['#projects/x.ts', '#inquiries/x.ts', '#store/x.ts', '#exports/x.ts', '#io/x.ts', 'yauzl']],
  ['main/chat', ['node-llama-cpp', '#processes/x.ts', '#io/x.ts', '#engine/text/x.ts']],
  ['main/ipc', ['electron', '#transfer/x.ts', '#store/x.ts', '#jobs/x.ts', '#io/x.ts', '#chat/x.ts', '#contract/errors.ts']],
  ['main/runs', ['#jobs/job-process.ts', '#store/runs.ts', '#io/atomic-write.ts', '#engine/train/settings.ts', '#contract/errors.ts']],
  ['main/host', ['electron-log/node', 'node:fs', '#ipc/dispatch.ts', '#store/x.ts', '#contract/errors.ts']],
  ['main/browser', ['ws', 'node:http', '#host/event-hub.ts', '#ipc/dispatch.ts', '#contract/errors.ts']],
  ['main/start', ['node:child_process', '#start/options.ts', '#contract/errors.ts']],
  ['main/app', ['electron', '#host/event-hub.ts', '#ipc/register.ts', '#contract/errors.ts']],
  [
    'main/cli',
    ['#engine/x.ts', '#engines/x.ts', '#backends/onnxruntime/x.ts', '#io/x.ts', '#jobs/x.ts', '#store/x.ts', '#chat/x.ts', 'node:util'],
  ],
  ['main/index.ts', ['electron', '#app/window.ts', '#ipc/register.ts', '#store/x.ts']],
  ['renderer', ['react', '#contract/errors.ts', '#renderer/features/train/page.tsx', './app.tsx']],
  ['renderer/features/train', ['react', '#contract/errors.ts', '#renderer/components/x.tsx', '#renderer/api/x.ts', './hook.ts']],
  ['test/engine', ['#engine/tensor/tensor.ts', 'onnxruntime-node', 'node:fs']],
];

const reportSchema = z.object({
  diagnostics: z.array(z.object({ filename: z.string(), code: z.string(), message: z.string(), help: z.string().optional() })),
});

let folder = '';
let exitStatus: number | null = null;
let diagnostics: z.infer<typeof reportSchema>['diagnostics'] = [];

const pathOf = (place: string, name: string): string => (place.endsWith('.ts') ? place : `${place}/${name}.ts`);
const forbiddenPath = (index: number): string => {
  const place = FORBIDDEN[index]?.[0] ?? '';
  // Rows of a fixed file name (main/cli.ts) share it: all their imports stand in it.
  return pathOf(place, `forbidden-${index}`);
};
const LONG = Array.from({ length: 301 }, (_, line) => `export const value${line} = ${line};`).join('\n');

function put(path: string, text: string): void {
  mkdirSync(join(folder, dirname(path)), { recursive: true });
  writeFileSync(join(folder, path), text, { flag: 'a' });
}

/** One lint of a tree that holds all cases: the repository's own configuration over files of the same names. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'prospect-layers-'));
  copyFileSync(join(ROOT, 'oxlint.config.ts'), join(folder, 'oxlint.config.ts'));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'junction');
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  FORBIDDEN.forEach(([, source], index) => put(forbiddenPath(index), `export * as part${index} from '${source}';\n`));
  for (const [place, sources] of ALLOWED) {
    put(pathOf(place, 'allowed'), sources.map((source, index) => `export * as part${index} from '${source}';\n`).join(''));
  }
  put('main/engine/graph/dynamic.ts', `export const later = () => import('#io/csv.ts');\n`);
  put('main/engine/graph/type-only.ts', `export type { Row } from '#engine/data/row.ts';\n`);
  put('main/engine/graph/long.ts', LONG);
  put('main/engine/graph/gradient-rules.ts', LONG);
  put('main/backends/onnxruntime/ops-fused.ts', LONG);
  put('main/engine/train/clock.ts', 'export const now = (): Date => new Date();\n');
  put('main/engine/train/chance.ts', 'export const chance = (): number => Math.random();\n');
  put('main/io/loose.ts', 'export const loose = (value: any): unknown => value;\n');
  put('main/io/unnamed.ts', 'export default 1;\n');
  const { status, stdout } = spawnSync(
    process.execPath,
    [join(ROOT, 'node_modules/oxlint/bin/oxlint'), '--format', 'json', 'main', 'preload', 'renderer', 'test'],
    {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    },
  );
  exitStatus = status;
  diagnostics = reportSchema.parse(JSON.parse(stdout)).diagnostics;
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function messagesOf(path: string): readonly string[] {
  return diagnostics
    .filter(({ filename }) => filename.replaceAll('\\', '/') === path)
    .map(({ code, message, help }) => `${code} ${message} ${help ?? ''}`);
}

test('lint fails when a layer is crossed', () => {
  expect(exitStatus).not.toBe(0);
});

test.each(FORBIDDEN.map((row, index) => [...row, index] as const))('%s may not import %s: %s', (_place, source, rule, index) => {
  const found = messagesOf(forbiddenPath(index)).filter(
    (message) => message.includes('no-restricted-imports') && message.includes(`'${source}'`),
  );
  expect(found.join('\n')).toContain(rule);
});

test.each(ALLOWED)('%s may import %j', (place) => {
  expect(messagesOf(pathOf(place, 'allowed')).filter((message) => message.includes('no-restricted-imports'))).toEqual([]);
});

test('importing only a type, or only later, crosses a layer too', () => {
  expect(messagesOf('main/engine/graph/type-only.ts').join()).toContain('engine/graph imports only tensor');
  expect(messagesOf('main/engine/graph/dynamic.ts').join()).toContain('engine/graph imports only tensor');
});

test('a file of more than 300 lines fails, a table of rules may be longer', () => {
  expect(messagesOf('main/engine/graph/long.ts').join()).toContain('max-lines');
  expect(messagesOf('main/engine/graph/gradient-rules.ts')).toEqual([]);
  expect(messagesOf('main/backends/onnxruntime/ops-fused.ts')).toEqual([]);
});

test('the engine has no clock and no dice of its own', () => {
  expect(messagesOf('main/engine/train/clock.ts').join()).toContain('the clock is an argument');
  expect(messagesOf('main/engine/train/chance.ts').join()).toContain('randomness is an argument');
});

test('any and default exports fail', () => {
  expect(messagesOf('main/io/loose.ts').join()).toContain('no-explicit-any');
  expect(messagesOf('main/io/unnamed.ts').join()).toContain('no-default-export');
});

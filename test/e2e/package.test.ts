/** @file What is in the package of each system: packed for real, into an Electron that is a stub. */
import { execFile } from 'node:child_process';
import { cpSync, globSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { extractAll, extractFile, listPackage } from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from './support/start-host.ts';
import { stubElectron, type Target } from './support/stub-electron.ts';

const run = promisify(execFile);
const BUILDER = join(ROOT, 'node_modules/electron-builder/cli.js');
/** Signing and writing into the program need a real one, or a Mac. */
const STUB_OPTIONS: { readonly [T in Target]: readonly string[] } = {
  linux: [],
  win: ['-c.win.signAndEditExecutable=false', '-c.disableAsarIntegrity=true'],
  mac: ['-c.mac.identity=null'],
};
/** How the wire says off and on. */
const [DISABLE, ENABLE] = ['0', '1'].map((letter) => letter.charCodeAt(0));
const MAX_ASAR_BYTES = 20e6;

interface Packed {
  readonly target: Target;
  readonly arch: 'x64' | 'arm64';
  readonly resources: string;
  /** The program whose fuses are blown. */
  readonly program: string;
  /** As the native packages name it. */
  readonly system: string;
}

const TARGETS: readonly Packed[] = [
  { target: 'linux', arch: 'x64', resources: 'linux-unpacked/resources', program: 'linux-unpacked/prospect', system: 'linux' },
  { target: 'win', arch: 'x64', resources: 'win-unpacked/resources', program: 'win-unpacked/Prospect.exe', system: 'win32' },
  {
    target: 'mac',
    arch: 'arm64',
    resources: 'mac-arm64/Prospect.app/Contents/Resources',
    program: 'mac-arm64/Prospect.app',
    system: 'darwin',
  },
];

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'prospect-package-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(TARGETS)('for $target $arch', ({ target, arch, resources, program, system }) => {
  const at = (path: string): string => join(folder, target, path);

  beforeAll(async () => {
    const electron = join(folder, `electron-${target}`);
    await stubElectron(target, electron);
    const words = [`--${target}`, 'dir', `--${arch}`, `-c.electronDist=${electron}`, `-c.directories.output=${join(folder, target)}`];
    await run(process.execPath, [BUILDER, ...words, ...STUB_OPTIONS[target], '--publish', 'never'], { cwd: ROOT });
  }, 120_000);

  test('there is what was built and what it needs, and nothing of the sources', () => {
    const files = listPackage(at(`${resources}/app.asar`), { isPack: false }).map((path) => path.replaceAll('\\', '/'));
    const tops = new Set(files.map((path) => path.split('/')[1]));
    expect([...tops].toSorted()).toEqual(['dist', 'node_modules', 'package.json', 'resources']);
    expect(files).toEqual(
      expect.arrayContaining([
        '/dist/index.js',
        '/dist/worker.js',
        '/dist/preload/index.cjs',
        '/dist/renderer/index.html',
        '/dist/licences.json',
        '/node_modules/@tensorflow/tfjs-core/dist/tf-core.node.js',
        '/node_modules/@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm',
        '/resources/starter-model/model.safetensors',
        '/resources/reviewer2/reviewer2-1k-paired.jsonl',
      ]),
    );
    expect(files.filter((path) => /\.(?:map|d\.ts)$|^\/resources\/(?:build|icons)/.test(path))).toEqual([]);
    // These are bundled into the window.
    expect(files.filter((path) => /^\/node_modules\/(?:react|@mantine|electron|vite)(?:\/|$)/.test(path))).toEqual([]);
    expect(statSync(at(`${resources}/app.asar`)).size).toBeLessThan(MAX_ASAR_BYTES);
  });

  test('the licences are those of what is in it', () => {
    const asar = at(`${resources}/app.asar`);
    const packed = new Set(
      listPackage(asar, { isPack: false }).flatMap(
        (path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\/package\.json$/.exec(path.replaceAll('\\', '/'))?.[1] ?? [],
      ),
    );
    const named = (JSON.parse(extractFile(asar, 'dist/licences.json').toString()) as { readonly name: string }[]).map(({ name }) => name);
    // Programs for other systems are left out by another rule, and have one licence.
    expect(named.filter((name) => !packed.has(name) && !name.startsWith('@node-llama-cpp/'))).toEqual([]);
    expect([...packed].filter((name) => !named.includes(name))).toEqual([]);
  });

  test('native programs lie beside it, those of this system alone', () => {
    const natives = globSync('**/*.{node,so,so.*,dylib,dll}', { cwd: at(`${resources}/app.asar.unpacked`) }).map((path) =>
      path.replaceAll('\\', '/'),
    );
    const isOwn = (path: string): boolean =>
      path.includes(`/${system}/${arch}/`) ||
      path.endsWith(`/${system}-${arch}.node`) ||
      path.startsWith(`node_modules/@node-llama-cpp/${target}-${arch}`);
    expect(natives.filter((path) => !isOwn(path))).toEqual([]);
    expect(natives).toContain(`node_modules/better-sqlite3/prebuilds/${system}-${arch}.node`);
    expect(natives).toContain(`node_modules/onnxruntime-node/bin/napi-v6/${system}/${arch}/onnxruntime_binding.node`);
  });

  test('the program can not be run as Node, debugged, or made to load other code', async () => {
    const fuses = await getCurrentFuseWire(at(program));
    expect(fuses).toMatchObject({
      [FuseV1Options.RunAsNode]: DISABLE,
      [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: DISABLE,
      [FuseV1Options.EnableNodeCliInspectArguments]: DISABLE,
      [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: ENABLE,
      [FuseV1Options.OnlyLoadAppFromAsar]: ENABLE,
      [FuseV1Options.GrantFileProtocolExtraPrivileges]: DISABLE,
    });
  });
});

test('the packaged program runs with nothing but what is in its package', async () => {
  const { resources } = TARGETS[0] ?? { resources: '' };
  const app = join(folder, 'unpacked');
  extractAll(join(folder, 'linux', resources, 'app.asar'), app);
  cpSync(join(folder, 'linux', resources, 'app.asar.unpacked'), app, { recursive: true });
  const words = [
    '--import',
    './test/e2e/support/electron-hook.ts',
    'test/e2e/support/run-built-main.ts',
    join(app, 'dist/index.js'),
    join(folder, 'data'),
  ];
  const { stdout } = await run(process.execPath, words, { cwd: ROOT, env: { ...process.env, PROSPECT_NO_SAMPLE: '1' } });
  expect(JSON.parse(stdout)).toMatchObject({ info: { ok: true }, created: { ok: true }, errors: [], exitCode: 0 });
});

test('files of answers are opened with it', () => {
  const config = readFileSync(join(ROOT, 'electron-builder.yml'), 'utf8');
  for (const extension of ['jsonl', 'csv', 'parquet', 'prospect']) expect(config).toContain(`ext: ${extension}`);
});

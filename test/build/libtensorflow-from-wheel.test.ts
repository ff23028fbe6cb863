/**
 * @file TensorFlow's library from a wheel: what is taken, what the addon is compiled against, and that a package that worked still does when anything
 * fails. The wheel and the compiler are made up; with PROSPECT_TENSORFLOW_WHEEL=/path/to/a/wheel a real one is compiled and computes.
 */
import { execFile } from 'node:child_process';
import { chmod, cp, lstat, mkdir, readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { packageFolder } from '#backends/tfjs/native-package.ts';
import { installLibrary } from '#build/libtensorflow-from-wheel.ts';
import { skippedFor } from '#test/support/skipped-for.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { zipBytes } from '#test/support/zip-bytes.ts';

const WHEEL = {
  'tensorflow/libtensorflow_cc.so.2': 'the library',
  'tensorflow/include/tensorflow/c/c_api.h': 'c_api',
  'tensorflow/libtensorflow_framework.so.2': 'the framework',
  'tensorflow/include/xla/tsl/c/tsl_status.h': 'status',
  'tensorflow/include/tensorflow/core/platform/ctstring.h': 'strings',
  'tensorflow/include/tensorflow/core/framework/op.h': 'not needed',
  'tensorflow/python/big.py': 'not needed',
};

/** Writes down what it is called with, and "compiles". */
const COMPILER = `#!/bin/sh
printf '%s\\n' "$@" > "$(dirname "$0")/arguments"
while [ "$1" != -o ]; do shift; done
echo addon > "$2"
`;

async function place(files: Record<string, string> = WHEEL) {
  const folder = await temporaryFolder();
  const [wheel, packageDir] = [join(folder, 'x.whl'), join(folder, 'package')];
  await writeFile(wheel, zipBytes(files));
  await mkdir(join(packageDir, 'deps/lib'), { recursive: true });
  await mkdir(join(packageDir, 'lib/napi-v8'), { recursive: true });
  await writeFile(join(packageDir, 'deps/lib/libtensorflow.so.2'), 'of 2022');
  await writeFile(join(packageDir, 'lib/napi-v8/tfjs_binding.node'), 'of 2022');
  const useCompiler = async (script: string) => {
    const compiler = join(folder, 'cxx');
    await writeFile(compiler, script);
    await chmod(compiler, 0o755);
    vi.stubEnv('CXX', compiler);
  };
  const text = (path: string) => readFile(join(packageDir, path), 'utf8');
  return { folder, wheel, packageDir, useCompiler, text };
}

afterEach(() => vi.unstubAllEnvs());

describe.skipIf(process.platform === 'win32')('the library of a wheel', () => {
  it('replaces the one of the package, with its headers and an addon compiled for it', async () => {
    const { folder, wheel, packageDir, useCompiler, text } = await place();
    await useCompiler(COMPILER);
    expect(await installLibrary(wheel, packageDir)).toBe(5);
    expect((await readdir(join(packageDir, 'deps/lib'))).toSorted()).toEqual([
      'libtensorflow.so',
      'libtensorflow.so.2',
      'libtensorflow_cc.so.2',
      'libtensorflow_framework.so',
      'libtensorflow_framework.so.2',
    ]);
    expect(await text('deps/lib/libtensorflow.so')).toBe('the library');
    expect(await readlink(join(packageDir, 'deps/lib/libtensorflow.so.2'))).toBe('libtensorflow_cc.so.2');
    expect(await text('deps/include/tensorflow/c/c_api.h')).toBe('c_api');
    expect(await text('deps/include/xla/tsl/c/tsl_status.h')).toBe('status');
    await expect(lstat(join(packageDir, 'deps/include/tensorflow/core/framework'))).rejects.toThrow('ENOENT');
    expect(await text('lib/napi-v8/tfjs_binding.node')).toBe('addon\n');

    const args = await readFile(join(folder, 'arguments'), 'utf8');
    for (const file of ['tfjs_backend.cc', 'tfjs_binding.cc']) expect(args).toContain(join(packageDir, 'binding', file));
    expect(args).toContain('-l:libtensorflow_cc.so.2\n-l:libtensorflow_framework.so.2\n-Wl,-rpath,$ORIGIN/../../deps/lib');
    await expectNothingLeft(packageDir);
  });

  const { 'tensorflow/libtensorflow_framework.so.2': _, ...withoutFramework } = WHEEL;
  it.each([
    [
      'a wheel without the library',
      withoutFramework,
      COMPILER,
      'holds no tensorflow/libtensorflow_framework.so.2. Use a wheel of tensorflow',
    ],
    ['a compiler that fails', WHEEL, '#!/bin/sh\nexit 1\n', 'The addon could not be compiled'],
    ['a compiler that is not there', WHEEL, null, 'The C++ compiler (c++, or $CXX) does not start. Install one'],
  ])('%s leaves the package as it was', async (_what, files, compiler, words) => {
    const { wheel, packageDir, useCompiler, text } = await place(files);
    if (compiler === null) vi.stubEnv('CXX', '/nowhere/c++');
    else await useCompiler(compiler);
    await expect(installLibrary(wheel, packageDir)).rejects.toThrow(words);
    expect(await text('deps/lib/libtensorflow.so.2')).toBe('of 2022');
    expect(await text('lib/napi-v8/tfjs_binding.node')).toBe('of 2022');
    await expectNothingLeft(packageDir);
  });

  it('a file that is no wheel, or half of one, is refused', async () => {
    const { folder, wheel, packageDir } = await place();
    const half = join(folder, 'half.whl');
    await writeFile(half, (await readFile(wheel)).subarray(0, 200));
    await expect(installLibrary(half, packageDir)).rejects.toThrow('is not a whole zip archive (a wheel is one). Download it again.');
    await expect(installLibrary(join(folder, 'none.whl'), packageDir)).rejects.toThrow('ENOENT');
  });
});

async function expectNothingLeft(packageDir: string): Promise<void> {
  expect((await readdir(packageDir)).toSorted()).toEqual(['deps', 'lib']);
  expect(await readdir(join(packageDir, 'lib/napi-v8'))).toEqual(['tfjs_binding.node']);
}

const wheel = process.env['PROSPECT_TENSORFLOW_WHEEL'] ?? null;
const native = packageFolder('@tensorflow/tfjs-node-gpu');
const missing =
  wheel === null
    ? 'PROSPECT_TENSORFLOW_WHEEL names no wheel'
    : native === null
      ? 'npm install --no-save --ignore-scripts @tensorflow/tfjs-node-gpu@4.22.0 was not run'
      : null;

describe.skipIf(missing !== null)(`A real wheel${skippedFor(missing)}`, () => {
  it('is compiled for, loaded and computes', async () => {
    const packageDir = join(await temporaryFolder(), 'tfjs-node-gpu');
    await cp(native as string, packageDir, { recursive: true, filter: (path) => !path.includes('/deps') && !path.endsWith('.node') });
    expect(await installLibrary(wheel as string, packageDir)).toBeGreaterThan(100);
    const { stdout } = await promisify(execFile)(process.execPath, [
      '-p',
      `process.env.TF_CPP_MIN_LOG_LEVEL = '3'; const b = require(${JSON.stringify(join(packageDir, 'lib/napi-v8/tfjs_binding.node'))}); b.TF_Version`,
    ]);
    expect(stdout.trim()).toMatch(/^2\.\d+\.\d+/);
  }, 300_000);
});

/**
 * @file Gives @tensorflow/tfjs-node(-gpu) a newer TensorFlow than the one of 2022 that it downloads: the library inside a Python wheel, for which
 * the package's addon is compiled here. Linux only, where alone TensorFlow's wheels know NVIDIA cards. docs/engines.md has the whole recipe.
 *
 *   npm run libtensorflow-from-wheel -- tensorflow-2.21.0-….whl [@tensorflow/tfjs-node-gpu]
 */
import { spawnSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { include_dir as nodeApiHeaders } from 'node-api-headers';
import { openZip } from './read-zip.ts';
import type { ZipFile } from './read-zip.ts';

const LIBRARIES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'] as const;
/** Headers of the C interface, and of the strings that it passes. */
const HEADERS =
  /^tensorflow\/include\/((?:tensorflow\/c\/|tensorflow\/core\/platform\/ctstring|tensorflow\/tsl\/|tsl\/platform\/ctstring|xla\/tsl\/c\/).*\.h)$/;

/** Unpacks the library and its headers. @returns how many files */
async function takeLibrary(zip: ZipFile, deps: string): Promise<number> {
  const wanted = [...zip.entries].flatMap(([name, entry]) => {
    const header = HEADERS.exec(name)?.[1];
    const library = LIBRARIES.find((file) => name === `tensorflow/${file}`);
    return header === undefined && library === undefined
      ? []
      : [{ entry, to: header ? join('include', header) : join('lib', library ?? '') }];
  });
  for (const file of LIBRARIES) {
    if (!wanted.some(({ to }) => to === join('lib', file))) {
      throw new Error(`${zip.file} holds no tensorflow/${file}. Use a wheel of tensorflow or tensorflow-cpu for Linux, 2.16 or newer.`);
    }
  }
  for (const { entry, to } of wanted) {
    const target = join(deps, to);
    await mkdir(dirname(target), { recursive: true });
    await pipeline(await zip.read(entry), createWriteStream(target));
  }
  // What the package's own build and its prebuilt addon look for.
  await symlink('libtensorflow_cc.so.2', join(deps, 'lib', 'libtensorflow.so.2'));
  for (const name of ['libtensorflow', 'libtensorflow_framework']) await symlink(`${name}.so.2`, join(deps, 'lib', `${name}.so`));
  return wanted.length;
}

interface AddonPlace {
  /** With the library and its headers. */
  readonly deps: string;
  readonly addon: string;
}

/** Compiles the package's addon. It looks for the library in the package's `deps` folder when it is loaded, wherever it was compiled against. */
function compileAddon(packageDir: string, { deps, addon }: AddonPlace): void {
  const included = [nodeApiHeaders, join(deps, 'include'), packageDir];
  const args = ['-std=c++17', '-O2', '-fPIC', '-shared', '-DNAPI_VERSION=8', '-o', addon];
  args.push(...included.flatMap((dir) => ['-I', dir]));
  args.push(...['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) => join(packageDir, 'binding', file)));
  args.push('-L', join(deps, 'lib'), ...LIBRARIES.map((file) => `-l:${file}`), '-Wl,-rpath,$ORIGIN/../../deps/lib');
  const { status, error } = spawnSync(process.env['CXX'] ?? 'c++', args, { stdio: 'inherit' });
  if (error)
    throw new Error('The C++ compiler (c++, or $CXX) does not start. Install one, for example with: apt install g++', { cause: error });
  if (status !== 0) throw new Error(`The addon could not be compiled; the compiler's messages are above.`);
}

/**
 * Puts the library and an addon for it in place of the package's own; both are made beside them first, so that a package that worked still does when
 * anything fails.
 * @returns how many files were taken from the wheel
 */
export async function installLibrary(wheel: string, packageDir: string): Promise<number> {
  const zip = await openZip(wheel);
  const [deps, fresh] = [join(packageDir, 'deps'), join(packageDir, 'deps.new')];
  const addon = join(packageDir, 'lib', 'napi-v8', 'tfjs_binding.node');
  const freshAddon = `${addon}.new`;
  try {
    await rm(fresh, { recursive: true, force: true });
    const files = await takeLibrary(zip, fresh);
    await mkdir(dirname(addon), { recursive: true });
    compileAddon(packageDir, { deps: fresh, addon: freshAddon });
    await rm(deps, { recursive: true, force: true });
    await rename(fresh, deps);
    await rename(freshAddon, addon);
    return files;
  } finally {
    await zip.close();
    await rm(fresh, { recursive: true, force: true });
    await rm(freshAddon, { force: true });
  }
}

async function run([wheel, name = '@tensorflow/tfjs-node-gpu']: readonly string[]): Promise<void> {
  if (process.platform !== 'linux') throw new Error('This is for Linux: wheels for other systems know no NVIDIA cards.');
  if (wheel === undefined) throw new Error('Usage: npm run libtensorflow-from-wheel -- WHEEL [PACKAGE]');
  const packageDir = folderOf(name);
  const files = await installLibrary(wheel, packageDir);
  process.stdout.write(
    `${files} files of ${wheel} are in ${join(packageDir, 'deps')}.\n${name} now uses them. Try: npm run prospect -- engines\n`,
  );
}

function folderOf(name: string): string {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
  } catch (cause) {
    throw new Error(`${name} is not installed. Run: npm install --no-save --ignore-scripts ${name}@4.22.0`, { cause });
  }
}

if (import.meta.main) {
  try {
    await run(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

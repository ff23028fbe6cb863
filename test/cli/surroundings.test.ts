/** @file What depends on the system and on how the program was started. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { defaultCacheFolder } from '#cli/cache-folder.ts';
import { programName } from '#cli/program-name.ts';
import { shellCommand } from '#cli/shell-command.ts';

const HOME = join('/', 'home', 'person');

test.each([
  ['PROSPECT_DATA_DIR wins', 'linux', { PROSPECT_DATA_DIR: '/data', XDG_CACHE_HOME: '/x' }, '/data'],
  ['an empty PROSPECT_DATA_DIR is none', 'linux', { PROSPECT_DATA_DIR: '' }, join(HOME, '.cache', 'prospect')],
  ['Linux has XDG_CACHE_HOME', 'linux', { XDG_CACHE_HOME: join('/', 'x') }, join('/', 'x', 'prospect')],
  ['a relative XDG_CACHE_HOME is ignored', 'linux', { XDG_CACHE_HOME: 'x' }, join(HOME, '.cache', 'prospect')],
  ['macOS has Library/Caches', 'darwin', { XDG_CACHE_HOME: join('/', 'x') }, join(HOME, 'Library', 'Caches', 'Prospect')],
  ['Windows has LOCALAPPDATA', 'win32', { LOCALAPPDATA: join('/', 'l') }, join('/', 'l', 'Prospect', 'Cache')],
  ['Windows without it has its usual place', 'win32', {}, join(HOME, 'AppData', 'Local', 'Prospect', 'Cache')],
])('cache folder: %s', (_what, platform, env, expected) => {
  expect(defaultCacheFolder({ platform, env, homeDir: HOME })).toBe(expected);
});

test.each([
  ['linux', ['--out', 'runs/kto-1', '--lr=1e-4'], '--out runs/kto-1 --lr=1e-4'],
  ['linux', ['my model', "it's", '$HOME', '', '*', '~/m'], String.raw`'my model' 'it'\''s' '$HOME' '' '*' '~/m'`],
  ['win32', [String.raw`C:\my models\a`, String.raw`C:\m`, 'a"b'], String.raw`"C:\my models\a" C:\m "a\"b"`],
])('a command for %s quotes what its shell would change: %j', (platform, args, expected) => {
  expect(shellCommand('prospect', args, platform)).toBe(`prospect ${expected}`);
});

const START = { script: join('/', 'app', 'main', 'cli.ts'), node: 'node', cwd: join('/', 'app'), env: {} };

test.each([
  ['by npm', { ...START, env: { npm_lifecycle_event: 'prospect' } }, 'npm run prospect --'],
  ['from its own folder', START, `node ${join('main', 'cli.ts')}`],
  ['from elsewhere', { ...START, cwd: join('/', 'data') }, `node ${START.script}`],
  ['built', { ...START, script: join('/', 'app', 'dist', 'cli.js') }, `node ${join('dist', 'cli.js')}`],
  ['installed', { ...START, script: join('/', 'usr', 'bin', 'prospect') }, 'prospect'],
])('started %s, it names itself so', (_how, start, expected) => {
  expect(programName(start)).toBe(expected);
});

/** @file `prospect project export` and `project import`: a project as one file, from one data folder to another. */
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { cli, type CliResult } from '#test/support/fake-cli-host.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  const rows = Array.from({ length: 30 }, (_, at) =>
    JSON.stringify({ prompt: `Question ${at}?`, completion: `Answer ${at}`, label: at % 2 === 0 }),
  );
  await writeFile(join(folder, 'reviews.jsonl'), rows.join('\n'));
  await prospect('here', 'project', 'create', 'Reviewer');
  await prospect('here', 'data', 'import', join(folder, 'reviews.jsonl'));
});

const prospect = (data: string, ...args: readonly string[]): Promise<CliResult> =>
  cli(args, { env: { PROSPECT_DATA_DIR: join(folder, data) } });

test('a project goes from one data folder to another', async () => {
  const out = join(folder, 'reviewer');
  const exported = await prospect('here', 'project', 'export', 'Reviewer', '--out', out, '--json');
  expect(exported).toMatchObject({ exitCode: 0 });
  expect(JSON.parse(exported.stdout)).toMatchObject({ file: `${out}.prospect` });
  const imported = await prospect('there', 'project', 'import', `${out}.prospect`, '--name', 'Elsewhere');
  expect(imported).toMatchObject({ exitCode: 0, stdout: 'Project Elsewhere was brought in.\n' });
  const shown = await prospect('there', 'data', 'show', 'reviews', '--json');
  expect(JSON.parse(shown.stdout)).toMatchObject({ version: { rowCount: 30, desirableCount: 15 } });
});

test('what is there already is not replaced, and what is no archive is refused', async () => {
  const out = join(folder, 'a.prospect');
  await writeFile(out, 'mine');
  const exported = await prospect('here', 'project', 'export', 'Reviewer', '--out', out);
  expect(exported.exitCode).not.toBe(0);
  expect(exported.stderr).toContain('is there already');
  expect(await readFile(out, 'utf8')).toBe('mine');
  const imported = await prospect('here', 'project', 'import', out);
  expect(imported.exitCode).not.toBe(0);
  expect(imported.stderr).toContain('is not an archive of Prospect');
  expect((await prospect('here', 'project', 'export', 'Nobody', '--out', join(folder, 'b'))).stderr).toContain('Reviewer');
  expect((await readdir(folder)).filter((name) => name.endsWith('.prospect'))).toEqual(['a.prospect']);
});

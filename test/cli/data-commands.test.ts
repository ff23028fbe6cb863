/** @file `prospect data …`, `prospect project …` and `prospect doctor` on a real data folder. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { openStore } from '#store/open-store.ts';
import { saveStoredFiles } from '#store/stored-files.ts';
import { cli, type CliResult } from '#test/support/fake-cli-host.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});

function prospect(...args: readonly string[]): Promise<CliResult> {
  return cli(args, { env: { PROSPECT_DATA_DIR: join(folder, 'data') } });
}

async function file(name: string, content: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

const flat = (text: string): string => text.replaceAll(/\s+/g, ' ');

function reviews(count: number): string {
  const topics = ['rivers', 'chess', 'bread', 'old computers', 'the moon', 'taxes'];
  const lines = Array.from({ length: count }, (_, at) => ({
    prompt: `Write about ${topics[at % topics.length]} and the number ${at * 7919}`,
    completion: `Answer ${at}`,
    label: at % 4 !== 0,
  }));
  return lines.map((line) => JSON.stringify(line)).join('\n');
}

test('from a file to clean, split, balanced and exported rows', async () => {
  const path = await file('reviews.jsonl', `${reviews(80)}\n${reviews(1)}`);
  const imported = await prospect('data', 'import', path);
  expect({ exitCode: imported.exitCode, stderr: imported.stderr }).toMatchObject({ exitCode: 0 });
  expect(flat(imported.stdout)).toContain('Dataset reviews, version 1 Project Project Rows 81 examples: 60 desirable, 21 undesirable');
  expect(flat((await prospect('data', 'clean')).stdout)).toContain('1 say the same as another, and are merged into it Stay 80 rows');
  const split = await prospect('data', 'split', 'reviews', '--eval-ratio', '0.1', '--seed', '3');
  expect(flat(split.stdout)).toContain(
    'Train 72 rows of 72 prompts: 54 desirable, 18 undesirable Held out 8 rows of 8 prompts: 6 desirable, 2 undesirable',
  );
  const balance = await prospect('data', 'balance');
  expect(flat(balance.stdout)).toContain('advised: --undesirable-weight');
  expect(flat(balance.stdout)).toContain('54 desirable, 18 undesirable');
  const out = join(folder, 'train.csv');
  expect(flat((await prospect('data', 'export', '--out', out, '--part', 'train')).stdout)).toContain(
    'Rows 72 Columns prompt, completion, label',
  );
  expect((await readFile(out, 'utf8')).split('\n')).toHaveLength(74);
  const report = await prospect('data', 'report', '--part', 'held-out');
  expect(flat(report.stdout)).toContain('Rows 8 of 8 prompts Labels 6 desirable, 2 undesirable (75 % desirable)');
  const list = await prospect('data', 'list');
  expect(flat(list.stdout)).toBe('Datasets of Project reviews 80 examples: 60 desirable, 20 undesirable; cleaned (version 2 of 2) ');
  const show = await prospect('data', 'show', 'reviews@1', '--from', '81', '--rows', '1', '--json');
  expect(JSON.parse(show.stdout)).toMatchObject({ version: { number: 1 }, rows: [{ row: 81, completion: 'Answer 0', label: false }] });
  expect((await prospect('data', 'balance', '--whole', '--subsample')).stdout).toContain('46 examples: 26 desirable, 20 undesirable');
  const doctor = await prospect('doctor');
  expect(doctor).toMatchObject({ exitCode: 0, stderr: '' });
  expect(flat(doctor.stdout)).toMatch(
    /Problems none Database .* Engine onnxruntime [\d.]+ \(cpu\), computes Optional engines .* Versions Prospect [\d.]+, Node \d+/,
  );
});

test('pairs are unpaired into a dataset of their own', async () => {
  const lines = ['a', 'b', 'b'].map((prompt) => JSON.stringify({ prompt, chosen: `${prompt} yes`, rejected: `${prompt} no` }));
  await prospect('data', 'import', await file('pairs.jsonl', lines.join('\n')), '--project', 'Two');
  const unpaired = await prospect('data', 'unpair', 'pairs', '--name', 'examples');
  expect(flat(unpaired.stdout)).toContain(
    'Unpaired 3 pairs → 6 examples: 3 desirable, 3 undesirable Looked at 6 rows Found 2 say the same',
  );
  const raw = await prospect('data', 'unpair', 'pairs', '--no-clean', '--json');
  expect(JSON.parse(raw.stdout)).toMatchObject({ dataset: { name: 'pairs as examples', kind: 'example' }, version: { rowCount: 6 } });
  expect((await prospect('data', 'unpair')).stderr).toContain(
    'has 3 datasets (pairs, examples, pairs as examples). Say which by its name.',
  );
  expect((await prospect('data', 'balance', 'pairs')).stderr).toContain('holds pairs, which have no labels');
});

test('what is in a file is shown before it is imported, and a doubtful mapping is not used unasked', async () => {
  const path = await file('stars.csv', 'question,answer,stars\nq1,a1,5\nq2,a2,1\nq3,a3,3\nq4,a4,4\n');
  const look = await prospect('data', 'import', path, '--look');
  expect(flat(look.stdout)).toContain('File stars.csv Size 54 bytes Format csv, utf-8');
  expect(look.stdout).toContain('Proposal 1: answers with a label');
  expect(flat(look.stdout)).toContain('Row 1 by proposal 1 prompt q1 completion a1 label desirable');
  const doubtful = await prospect('data', 'import', path);
  expect(doubtful).toMatchObject({ exitCode: 2, stdout: '' });
  expect(doubtful.stderr).toContain('add --accept');
  expect((await prospect('project', 'list')).stderr).toContain('prospect');
  const imported = await prospect('data', 'import', path, '--desirable-from', '5', '--undesirable-to', '3');
  expect(flat(imported.stdout)).toContain(
    '3 examples: 1 desirable, 2 undesirable Left out 1 because its rating lies between the two thresholds',
  );
  expect((await prospect('data', 'import', path, '--accept')).stderr).toContain('was imported before, with the same content');
  const mapping = '{"shape":"example","prompt":"question","completion":"answer","label":{"column":"stars","reading":{"kind":"boolean"}}}';
  expect((await prospect('data', 'import', path, '--mapping', mapping, '--again', '--name', 'x')).exitCode).toBe(1);
  expect((await prospect('data', 'import', path, '--mapping', '{"shape":"x"}')).stderr).toContain(
    '`shape` of the column mapping is not filled in as it should be',
  );
});

test('bad rows go to a table, are repaired there, and come back in their places', async () => {
  const path = await file('a.csv', 'prompt,completion,label\np1,c1,true\np2,,true\np3,c3,false\np4,c4\n');
  const table = join(folder, 'bad.csv');
  const refused = await prospect('data', 'import', path, '--accept', '--bad-rows', table);
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toContain('Row 2 of a.csv has no `completion` text');
  expect(refused.stderr).toContain('2 bad rows written to');
  expect((await prospect('project', 'list')).stdout).toContain('There is no project yet');
  const written = await readFile(table, 'utf8');
  expect(written.split('\n').slice(0, 2)).toEqual([
    'file,row,line,column,character,expected,found,message,record',
    'a.csv,2,3,completion,,"a text or a list of chat messages, not empty","""""",Row 2 of a.csv has no `completion` text. Fill it in or skip the row.,"{""prompt"":""p2"",""completion"":"""",""label"":""true""}"',
  ]);
  await writeFile(table, written.replace('""completion"":""""', '""completion"":""repaired""'));
  const imported = await prospect('data', 'import', path, '--accept', '--repaired', table, '--skip-bad-rows');
  expect(flat(imported.stdout)).toContain('Rows 3 examples: 2 desirable, 1 undesirable Repaired rows 1 Bad rows 1, left out.');
  const show = await prospect('data', 'show', '--json');
  expect((JSON.parse(show.stdout) as { rows: { completion: string }[] }).rows.map(({ completion }) => completion)).toEqual([
    'c1',
    'repaired',
    'c3',
  ]);
});

test('rows are added to a dataset, or take the place of all', async () => {
  await prospect('data', 'import', await file('a.jsonl', reviews(4)));
  const more = await file('b.jsonl', '{"prompt":"new","completion":"c","label":true}');
  expect(flat((await prospect('data', 'import', more, '--into', 'a')).stdout)).toContain('version 2 Project Project Rows 5 examples');
  expect((await prospect('data', 'import', more, '--into', 'a', '--again', '--replace')).stdout).toContain('1 example: 1 desirable');
  expect((await prospect('data', 'import', more, '--into', 'c', '--again')).stderr).toContain(
    'There is no dataset called “c”. The nearest is “a”.',
  );
  expect((await prospect('data', 'show', 'a@9')).stderr).toContain('has no version 9; its newest is 3');
});

test('projects are made, renamed, copied, shown and deleted', async () => {
  expect((await prospect('project', 'create', 'One')).stdout).toBe('Project One was made.\n');
  expect((await prospect('project', 'create', 'One')).stderr).toContain('already a project called “One”');
  await prospect('data', 'import', await file('a.jsonl', reviews(4)), '--project', 'One');
  expect((await prospect('project', 'rename', 'One', '--to', 'First')).stdout).toBe('Project One is called First now.\n');
  expect((await prospect('project', 'duplicate', 'First', '--to', 'Second')).exitCode).toBe(0);
  expect(flat((await prospect('project', 'show', 'Second')).stdout)).toContain(
    'Datasets a: 4 examples: 3 desirable, 1 undesirable Runs none',
  );
  expect((await prospect('data', 'list')).stderr).toContain('There are 2 projects');
  expect((await prospect('project', 'delete', 'Second')).stderr).toContain('go 1 dataset, 0 runs and 0 adapters');
  expect((await prospect('project', 'delete', 'Second', '--yes')).stdout).toContain('Project Second was deleted');
  const { stdout } = await prospect('project', 'list', '--json');
  expect((JSON.parse(stdout) as { name: string }[]).map(({ name }) => name)).toEqual(['First']);
  expect(await prospect('project', 'show', 'Frist')).toMatchObject({
    exitCode: 2,
    stderr: 'prospect: There is no project called “Frist”. The nearest is “First”.\n',
  });
  expect((await prospect('project', 'create')).stderr).toContain('NAME is missing. See prospect project create --help.');
  expect((await prospect('project', 'create', '')).stderr).toContain('A project needs a name.');
});

test('while a window has the data folder, reading works and writing says why not', async () => {
  await prospect('data', 'import', await file('a.jsonl', reviews(4)));
  const window = openStore(join(folder, 'data'));
  try {
    expect((await prospect('data', 'list')).exitCode).toBe(0);
    const refused = await prospect('data', 'split');
    expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
    expect(refused.stderr).toContain('is using the data folder');
  } finally {
    window.close();
  }
});

test('the doctor finds files of nobody, files that are gone, and a damaged database', async () => {
  await prospect('project', 'create', 'One');
  const data = join(folder, 'data');
  const store = openStore(data);
  saveStoredFiles(store, { kind: 'project', id: 1 }, [{ path: 'files/gone', sha256: null, bytes: 4 }]);
  store.close();
  await writeFile(join(data, 'files', 'nobody.bin'), 'x');
  const doctor = await prospect('doctor');
  expect(doctor.exitCode).toBe(1);
  expect(flat(doctor.stdout)).toContain('files/gone is gone; it belongs to project 1.');
  expect(flat(doctor.stdout)).toContain('Files of nobody 1, 1 bytes; they can be deleted: files/nobody.bin');
  await writeFile(join(data, 'prospect.sqlite'), 'not a database');
  const damaged = await prospect('doctor', '--json');
  expect(damaged).toMatchObject({ exitCode: 1, stdout: '' });
  expect(damaged.stderr).toMatch(/^prospect: .*backup/i);
});

test('a group of commands lists its own, and a wrong word is answered with the nearest', async () => {
  const { stdout } = await prospect('data');
  expect(stdout).toContain('prospect data import --help');
  expect(stdout).not.toContain('project create');
  expect((await prospect('data', 'imprt')).stderr).toContain('the nearest is data import');
});

test('a report with a model counts tokens as its tokenizer and template do, and says what a length would cut or drop', async () => {
  const path = await file('reviews.jsonl', reviews(20));
  await prospect('data', 'import', path);
  const model = join(import.meta.dirname, '../golden/trl/base');
  const report = (...more: readonly string[]) => prospect('data', 'report', '--model', model, '--json', ...more);
  // The golden model has a token for each byte, one that begins a prompt, and one that ends an answer.
  const prompts = Array.from(reviews(20).split('\n'), (line) => (JSON.parse(line) as { prompt: string }).prompt.length + 1);
  const whole = JSON.parse((await report()).stdout) as { tokens: unknown };
  expect(whole.tokens).toMatchObject({
    prompt: { max: Math.max(...prompts) },
    answer: { max: 'Answer 19'.length + 1 },
    cut: { rows: 0 },
    dropped: { rows: 0 },
    uncounted: { rows: 0 },
  });
  const short = Math.min(...prompts) + 1;
  const cut = JSON.parse((await report('--max-length', String(short))).stdout) as { tokens: unknown };
  expect(cut.tokens).toMatchObject({ dropped: { rows: prompts.filter((length) => length >= short).length } });
  const shown = await prospect('data', 'report', '--model', model);
  expect(flat(shown.stdout)).toMatch(/Answers .* tokens/);
  const none = await prospect('data', 'report', '--model', folder);
  expect(none.exitCode).not.toBe(0);
  expect(none.stderr).toContain('config.json');
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CancelledError, ImportError, StorageError } from '#contract/errors.ts';
import { readJsonRows } from '#io/jsonl-file.ts';
import type { JsonRow } from '#io/jsonl-file.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'prospect-jsonl-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function collect(rows: AsyncIterable<JsonRow>): Promise<JsonRow[]> {
  const collected: JsonRow[] = [];
  for await (const row of rows) collected.push(row);
  return collected;
}

async function read(content: string | Buffer, name = 'rows.jsonl'): Promise<JsonRow[]> {
  const file = join(folder, name);
  await writeFile(file, content);
  return collect(readJsonRows(file));
}

async function failure(content: string | Buffer, name = 'rows.jsonl'): Promise<ImportError> {
  const error = await read(content, name).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ImportError);
  return error as ImportError;
}

const TWO = [
  { line: 1, value: { a: 1 } },
  { line: 2, value: { a: 'é😀' } },
];

describe('a JSON Lines file', () => {
  it('is read line by line', async () => {
    expect(await read('{"a":1}\n{"a":"é😀"}\n')).toEqual(TWO);
  });

  it('may end without a newline', async () => {
    expect(await read('{"a":1}\n{"a":"é😀"}')).toEqual(TWO);
  });

  it('may have Windows line ends', async () => {
    expect(await read('{"a":1}\r\n{"a":"é😀"}\r\n')).toEqual(TWO);
  });

  it('may begin with a byte order mark', async () => {
    expect(await read('\ufeff{"a":1}\n{"a":"é😀"}\n')).toEqual(TWO);
  });

  it('counts blank lines but leaves them out', async () => {
    expect((await read('\n  \n{"a":1}\n\t\n{"a":2}\n\n')).map((row) => row.line)).toEqual([3, 5]);
  });

  it.each(['utf16le', 'utf16be'])('may be %s, with and without a byte order mark', async (encoding) => {
    const encode = (text: string) => {
      const bytes = Buffer.from(text, 'utf16le');
      return encoding === 'utf16le' ? bytes : bytes.swap16();
    };
    expect(await read(encode('\ufeff{"a":1}\n{"a":"é😀"}\n'))).toEqual(TWO);
    expect(await read(encode('{"a":1}\n{"a":"é😀"}\n'))).toEqual(TWO);
  });

  it('may have a row of 10 MB', async () => {
    const text = 'x é '.repeat(2_500_000);
    const rows = await read(`{"a":1}\n{"text":${JSON.stringify(text)}}\n{"a":2}`);
    expect(rows.map((row) => row.line)).toEqual([1, 2, 3]);
    expect(rows.map((row) => row.value)).toEqual([{ a: 1 }, { text }, { a: 2 }]);
  });

  it('keeps a character that two chunks of the file share', async () => {
    const text = '😀'.repeat(200_000); // 800 kB, over several chunks of any size
    const rows = await read(`{"t":"x${text}"}\n{"t":"xx${text}"}`);
    expect(rows.map((row) => (row.value as { t: string }).t.length)).toEqual([400_001, 400_002]);
  });

  it('passes on values that are not objects, for the row parser to refuse', async () => {
    expect((await read('3\n"x"\nnull\n')).map((row) => row.value)).toEqual([3, 'x', null]);
  });
});

describe('a broken line', () => {
  it.each([
    ['{"a": 1}\n{"a": yes}\n', 2, 7, 'Each line must be one whole JSON object.'],
    ["{'a': 1}", 1, 2, 'JSON needs double quotes.'],
    ['{"label": True}', 1, 11, 'lower case'],
    ['{"x": NaN}', 1, 7, 'use null'],
    ['{"a": [1, 2,]}', 1, 13, 'Remove the comma'],
    ['{"a": "cut', 1, 11, 'It ends too early.'],
    ['{"a": 1}\n\n{"a": "tab\there"}', 3, 11, 'as \\n and \\t'],
    ['{\n  "a": 1\n}', 1, 2, 'It ends too early.'],
    ['{"a":1} {"a":2}', 1, 9, 'one whole JSON object'],
    ['{"é😀": x}', 1, 8, 'one whole JSON object'],
  ])('%j is reported with its place', async (content, line, column, hint) => {
    const error = await failure(content);
    expect(error.message).toContain(`Line ${line} of rows.jsonl is not valid JSON at column ${column}:`);
    expect(error.message).toContain(hint);
    expect(error.details).toMatchObject({ row: line, column: String(column) });
  });

  it('is shown by an excerpt, not as a whole', async () => {
    const error = await failure(`{"text": "${'long '.repeat(5000)}", "label": yes}`);
    expect(error.message).toContain('"label": ⟶yes}');
    expect(error.message.length).toBeLessThan(220);
  });

  it('gives the rows before it first', async () => {
    const file = join(folder, 'late.jsonl');
    await writeFile(file, '{"a":1}\n{"a":2}\noops\n');
    const seen: number[] = [];
    const reading = (async () => {
      for await (const row of readJsonRows(file)) seen.push(row.line);
    })();
    await expect(reading).rejects.toThrow('Line 3');
    expect(seen).toEqual([1, 2]);
  });

  it('of 5 MB is still located', async () => {
    const error = await failure(`{"text": "${'a'.repeat(5_000_000)}", "label": yes}`);
    expect(error.details['column']).toBe('5000023');
  });

  it('that is not UTF-8 is reported by its number', async () => {
    const error = await failure(Buffer.concat([Buffer.from('{"a":1}\n{"a":"'), Buffer.from([0xe9]), Buffer.from('"}\n')]));
    expect(error.message).toBe('Line 2 of rows.jsonl is not UTF-8 text. Save the file as UTF-8.');
  });

  it('that is longer than 64 MB is refused before it is held in memory', async () => {
    const error = await failure(Buffer.alloc(70 * 1024 * 1024, 'a'));
    expect(error.message).toContain('longer than 64 MB');
  });
});

describe('a .json file with one list', () => {
  it('gives its elements, numbered by position', async () => {
    expect(await read('\ufeff\n [ {"a":1} ,\n\n {"a":"é😀"} ]\n', 'rows.json')).toEqual(TWO);
  });

  it('keeps brackets, commas and escapes that stand in texts', async () => {
    const values = [{ t: 'a,b]}"\\' }, { t: '[{\\"' }, [1, [2, '],[']], 7, 'x,y'];
    expect((await read(JSON.stringify(values), 'rows.json')).map((row) => row.value)).toEqual(values);
    expect((await read(JSON.stringify(values, null, 2), 'rows.json')).map((row) => row.value)).toEqual(values);
  });

  it('may be larger than a chunk', async () => {
    const values = Array.from({ length: 30_000 }, (_, index) => ({ index, text: 'é"]'.repeat(10) }));
    expect((await read(JSON.stringify(values), 'rows.json')).map((row) => row.value)).toEqual(values);
  });

  it('reports a broken element by line and column of the file', async () => {
    const error = await failure('[\n  {"a": 1},\n  {"é": 1,\n   "b": yes}\n]', 'rows.json');
    expect(error.message).toContain('Line 4 of rows.json is not valid JSON at column 9:');
    expect((await failure('[{"é": 1}, {"b": yes}]', 'rows.json')).message).toContain('Line 1 of rows.json is not valid JSON at column 18:');
  });

  it.each([
    ['[{"a":1}', 'ends before its list does'],
    ['[{"a":1}] x', 'goes on after its list has ended'],
    ['[{"a":1},]', 'a comma without a row'],
    ['[,{"a":1}]', 'a comma without a row'],
    ['[{"a":1]}]', 'not valid JSON'],
    ['[{"a":1}}]', 'not valid JSON'],
    ['[]', 'holds an empty list'],
  ])('refuses %j', async (content, problem) => {
    expect((await failure(content, 'rows.json')).message).toContain(problem);
  });
});

describe('a file that is no JSON Lines file', () => {
  it.each([
    ['empty', '', 'is empty'],
    ['blank', ' \n\r\n\t', 'is empty'],
    ['only a byte order mark', '\ufeff', 'is empty'],
    ['gzip', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0]), 'compressed with gzip'],
    ['zip', Buffer.from('PK\u0003\u0004'), 'ZIP archive'],
    ['parquet', Buffer.from('PAR1\u0015\u0004'), 'Parquet'],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x7b, 0, 0, 0]), 'UTF-32'],
    ['zeros', Buffer.alloc(100), 'not text'],
  ])('(%s) is refused in words', async (_, content, problem) => {
    expect((await failure(content)).message).toContain(problem);
  });

  it('is refused in words when it does not exist or is a folder', async () => {
    await expect(collect(readJsonRows(join(folder, 'none.jsonl')))).rejects.toThrow(StorageError);
    await expect(collect(readJsonRows(folder))).rejects.toThrow(StorageError);
  });
});

describe('reading', () => {
  it('stops when it is cancelled', async () => {
    const file = join(folder, 'long.jsonl');
    await writeFile(file, '{"a":1}\n'.repeat(200_000));
    const controller = new AbortController();
    const reading = (async () => {
      for await (const row of readJsonRows(file, { signal: controller.signal })) if (row.line === 10) controller.abort();
    })();
    await expect(reading).rejects.toThrow(CancelledError);
  });

  it('may be left early', async () => {
    const file = join(folder, 'early.jsonl');
    await writeFile(file, '{"a":1}\n'.repeat(100_000));
    for await (const row of readJsonRows(file)) {
      expect(row.line).toBe(1);
      break;
    }
  });
});

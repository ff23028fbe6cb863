/** @file JSON Lines, and .json files of one list, of one list in an object, and of one object. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { CancelledError, StorageError } from '#contract/errors.ts';
import type { RecordFault, SourceRecord } from '#engine/data/source-record.ts';
import { readRecords } from '#io/records/read-records.ts';
import { collectRecords, readContent, refusalOfFile } from '#test/support/records.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
});

async function read(content: string | Buffer, name = 'rows.jsonl'): Promise<readonly SourceRecord[]> {
  const { records, faults } = await readContent(folder, name, content);
  expect(faults).toEqual([]);
  return records;
}

async function faultOf(content: string | Buffer, name = 'rows.jsonl'): Promise<RecordFault> {
  const { faults } = await readContent(folder, name, content);
  expect(faults).toHaveLength(1);
  return faults[0] as RecordFault;
}

const TWO = [
  { row: 1, line: 1, value: { a: 1 } },
  { row: 2, line: 2, value: { a: 'é😀' } },
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
    ['{"a":1} {"a":2}', 1, 9, 'one whole JSON object'],
    ['{"é😀": x}', 1, 8, 'one whole JSON object'],
  ])('%j is reported with its place', async (content, line, column, hint) => {
    const fault = await faultOf(content);
    expect(fault.message).toContain(`Line ${line} of rows.jsonl is not valid JSON at column ${column}:`);
    expect(fault.message).toContain(hint);
    expect(fault).toMatchObject({ row: line, line, column });
  });

  it('is shown by an excerpt, not as a whole', async () => {
    const error = await faultOf(`{"text": "${'long '.repeat(5000)}", "label": yes}`);
    expect(error.message).toContain('"label": ⟶yes}');
    expect(error.message.length).toBeLessThan(220);
  });

  it('costs no other row', async () => {
    const { records, faults } = await readContent(folder, 'late.jsonl', '{"a":1}\n{"a":2}\noops\n{"a":4}');
    expect(records.map(({ line }) => line)).toEqual([1, 2, 4]);
    expect(faults.map(({ line }) => line)).toEqual([3]);
  });

  it('of 5 MB is still located', async () => {
    const error = await faultOf(`{"text": "${'a'.repeat(5_000_000)}", "label": yes}`);
    expect(error.column).toBe(5_000_023);
  });

  it('that is not UTF-8 is reported by its number', async () => {
    const error = await faultOf(Buffer.concat([Buffer.from('{"a":1}\n{"a":"'), Buffer.from([0xe9]), Buffer.from('"}\n')]));
    expect(error.message).toBe(
      'Line 2 of rows.jsonl is not UTF-8 text: it has the byte 0xE9 at column 7. Save the file as UTF-8 (in Excel: "CSV UTF-8").',
    );
  });

  it('that is longer than 64 MB is refused before it is held in memory', async () => {
    const error = await faultOf(Buffer.alloc(70 * 1024 * 1024, 'a'));
    expect(error.message).toContain('longer than 64 MB');
  });
});

describe('a .json file with one list', () => {
  it('gives its elements, numbered by position', async () => {
    expect(await read('\ufeff\n [ {"a":1} ,\n\n {"a":"é😀"} ]\n', 'rows.json')).toEqual([
      { ...TWO[0], line: 2 },
      { ...TWO[1], line: 4 },
    ]);
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
    const error = await faultOf('[\n  {"a": 1},\n  {"é": 1,\n   "b": yes}\n]', 'rows.json');
    expect(error.message).toContain('Line 4 of rows.json is not valid JSON at column 9:');
    expect((await faultOf('[{"é": 1}, {"b": yes}]', 'rows.json')).message).toContain('Line 1 of rows.json is not valid JSON at column 18:');
  });

  it.each([
    ['[{"a":1}', 'ends before its list does'],
    ['[{"a":1}] x', 'goes on after its list has ended'],
    ['[{"a":1},]', 'a comma without a row'],
    ['[,{"a":1}]', 'a comma without a row'],
    ['[{"a":1]}]', 'not valid JSON'],
    ['[{"a":1}}]', 'not valid JSON'],
  ])('reports %j', async (content, problem) => {
    const { messages } = await readContent(folder, 'rows.json', content);
    expect(messages.join(' ')).toContain(problem);
  });

  it('is refused if it is empty', async () => {
    expect(await refusalOfFile(folder, 'rows.json', '[]')).toBe('rows.json holds an empty list. Choose a file with rows.');
  });
});

describe('a .json file with one object', () => {
  it('gives the rows of its list, wherever it stands', async () => {
    const rows = [{ prompt: 'a' }, { prompt: 'b' }];
    for (const indent of [0, 2]) {
      const content = JSON.stringify({ version: 1, meta: { rows: [1] }, data: rows, more: [] }, null, indent);
      const { values, notes } = await readContent(folder, 'rows.json', content);
      expect(values).toEqual(rows);
      expect(notes).toEqual(['The rows of rows.json are those in its list "data".']);
    }
    expect((await read('{\n"data": [\n{"a":1},\n{"a":"é😀"}\n]}', 'rows.json')).map(({ line }) => line)).toEqual([3, 4]);
  });

  it('is one row if it has no list of rows', async () => {
    const row = { messages: [{ role: 'user', content: 'a' }], label: true };
    expect(await read(JSON.stringify(row, null, 2), 'rows.json')).toEqual([{ row: 1, line: 1, value: row }]);
    expect(await read(JSON.stringify(row), 'rows.json')).toEqual([{ row: 1, line: 1, value: row }]);
  });

  it('is not seen in a broken first line', async () => {
    const { messages, values } = await readContent(folder, 'rows.jsonl', '{"a": 1\n{"a": 2}\n');
    expect(values).toEqual([{ a: 2 }]);
    expect(messages).toEqual([expect.stringMatching(/^Line 1 of rows\.jsonl is not valid JSON at column 8: .* It ends too early\.$/)]);
  });

  it('says where it is broken', async () => {
    expect((await faultOf('{\n  "a": 1,\n  "b": yes\n}', 'rows.json')).message).toContain(
      'Line 3 of rows.json is not valid JSON at column 8',
    );
  });
});

describe('reading', () => {
  it('stops when it is cancelled', async () => {
    const file = join(folder, 'long.jsonl');
    await writeFile(file, '{"a":1}\n'.repeat(200_000));
    const controller = new AbortController();
    const reading = (async () => {
      for await (const { bytesDone } of readRecords(file, { signal: controller.signal })) if (bytesDone > 0) controller.abort();
    })();
    await expect(reading).rejects.toThrow(CancelledError);
  });

  it('is refused in words where there is no file', async () => {
    await expect(collectRecords(join(folder, 'none.jsonl'))).rejects.toThrow(StorageError);
    await expect(collectRecords(folder)).rejects.toThrow('it is a folder, not a file');
  });
});

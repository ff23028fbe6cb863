/** @file What a file is, told by its content. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { detectFormat } from '#io/records/detect-format.ts';
import type { DetectedFormat } from '#io/records/detect-format.ts';
import { readContent, refusalOfFile } from '#test/support/records.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
});

async function detect(content: string | Uint8Array, name: string): Promise<DetectedFormat> {
  const file = join(folder, name);
  await writeFile(file, content);
  return detectFormat(file);
}

const JSONL = '{"a":"1"}\n{"a":"2"}\n';
const CSV = 'a,b\n1,x\n2,y\n';

describe('the format', () => {
  it.each([
    ['rows.jsonl', JSONL, 'jsonl'],
    ['rows', JSONL, 'jsonl'],
    ['rows.json', JSONL, 'jsonl'],
    ['rows.json', '[{"a":1}]', 'json'],
    ['rows.jsonl', ' \n[\n{"a":1}\n]', 'json'],
    ['rows.json', '{"a":1}', 'json'],
    ['rows.jsonl', '{"a":1}', 'jsonl'],
    ['rows.json', '{\n "a":1\n}', 'json'],
    ['rows.csv', CSV, 'csv'],
    ['rows.txt', CSV, 'csv'],
    ['rows.csv', 'a\tb\n1\t2\n', 'tsv'],
    ['rows.txt', 'a\tb\n1\t2\n', 'tsv'],
    ['rows.csv', 'only one column\nx\n', 'csv'],
    ['rows.csv', '[tag],b\n1,x\n', 'csv'],
    ['rows.csv', '{tag},b\n1,x\n', 'csv'],
    ['rows.jsonl', "{'a': 1}\n", 'jsonl'],
    ['rows.jsonl', 'no JSON, as it seems\n', 'jsonl'],
  ])('of %s with %j is %s', async (name, content, format) => {
    const detected = await detect(content, name);
    expect(detected).toMatchObject({ format, compression: null, encoding: 'utf-8', notes: [] });
  });

  it('is json for a list inside an object, and it is said which', async () => {
    const notes = ['The rows of rows.json are those in its list "data".'];
    expect(await detect('{"data":[{"a":1}]}', 'rows.json')).toMatchObject({ format: 'json', notes });
  });

  it.each([
    ['rows.csv', JSONL, 'jsonl', 'rows.csv holds JSON Lines, whatever its name says, and was read as that.'],
    ['rows.parquet', JSONL, 'jsonl', 'rows.parquet holds JSON Lines, whatever its name says, and was read as that.'],
    [
      'rows.jsonl',
      CSV,
      'csv',
      'rows.jsonl holds CSV (fields separated by commas or the like), whatever its name says, and was read as that.',
    ],
    ['rows.tsv', '[{"a":1}]', 'json', 'rows.tsv holds JSON, whatever its name says, and was read as that.'],
  ])('of %s may differ from its name, which is said', async (name, content, format, note) => {
    expect(await detect(content, name)).toMatchObject({ format, notes: [note] });
    expect((await readContent(folder, name, content)).notes).toEqual([note]);
  });

  it('is what the person says', async () => {
    expect((await readContent(folder, 'rows.jsonl', '{"a",b\n1,2\n', { format: 'csv' })).values).toEqual([{ '{"a"': '1', b: '2' }]);
    expect((await readContent(folder, 'rows', 'a|b\tc\n1|2\t3\n', { format: 'tsv' })).values).toEqual([{ 'a|b': '1|2', c: '3' }]);
    expect((await readContent(folder, 'rows.csv', CSV, { format: 'jsonl' })).messages).toHaveLength(3);
    await expect(readContent(folder, 'rows.csv', CSV, { format: 'parquet' })).rejects.toThrow('rows.csv is text, not Parquet');
  });
});

describe('the encoding', () => {
  const text = 'text,label\né😀 漢字 "quoted",x\n'.replace('"quoted"', 'plain');
  const little = (content: string) => Buffer.from(content, 'utf16le');
  const big = (content: string) => Buffer.from(content, 'utf16le').swap16();
  const encodings: readonly (readonly [string, (content: string) => Buffer])[] = [
    ['utf-8', (content) => Buffer.from(content)],
    ['utf-16le', little],
    ['utf-16be', big],
  ];

  for (const [encoding, encode] of encodings) {
    for (const mark of ['', '\ufeff']) {
      for (const end of ['\n', '\r\n', '\r']) {
        const lines = (content: string) => encode(mark + content.replaceAll('\n', end));
        it(`may be ${encoding}${mark === '' ? '' : ' with a byte order mark'}, lines ending with ${JSON.stringify(end)}`, async () => {
          const value = { text: 'é😀 漢字 plain', label: 'x' };
          const objects = `${JSON.stringify(value)}\n`.repeat(2);
          const list = JSON.stringify([value, value], null, 1);
          expect(await readContent(folder, 'a.csv', lines(text))).toMatchObject({ values: [value], faults: [] });
          expect(await readContent(folder, 'a.tsv', lines(text.replaceAll(',', '\t')))).toMatchObject({ values: [value], faults: [] });
          expect(await readContent(folder, 'a.jsonl', lines(objects))).toMatchObject({ values: [value, value], faults: [] });
          expect(await readContent(folder, 'a.json', lines(list))).toMatchObject({ values: [value, value], faults: [] });
          expect(await readContent(folder, 'a.csv.gz', gzipSync(lines(text)))).toMatchObject({ values: [value], faults: [] });
          expect((await detect(lines(text), 'a.csv')).encoding).toBe(encoding);
        });
      }
    }
  }

  it('of Chinese text in UTF-16 without a mark is seen', async () => {
    const content = '文本,标签\n' + '这是一个很长的中文句子没有任何空格，\n'.replace('，', ',好').repeat(30);
    expect((await readContent(folder, 'a.csv', little(content))).values[0]).toEqual({
      文本: '这是一个很长的中文句子没有任何空格',
      标签: '好',
    });
  });

  it('of a text that is cut inside a character is told at the last line', async () => {
    const { values, messages } = await readContent(folder, 'a.csv', Buffer.from('a,b\n1,é\n2,😀').subarray(0, -2));
    expect(values).toEqual([{ a: '1', b: 'é' }]);
    expect(messages).toEqual([expect.stringMatching(/^Line 3 of a\.csv is not UTF-8 text: it has the byte 0xF0 at column 3\./)]);
    const odd = Buffer.concat([little('\ufeff{"a":1}\n{"a":2}\n'), Buffer.from('{')]);
    expect((await readContent(folder, 'a.jsonl', odd)).messages).toHaveLength(1);
  });
});

describe('gzip', () => {
  const rows = Array.from({ length: 20_000 }, (_, index) => `{"index":${index},"x":"${Math.sin(index)}"}\n`).join('');

  it('is unpacked, also in several parts, whatever the name says', async () => {
    const half = rows.indexOf('\n', rows.length / 2) - 7;
    const packed = Buffer.concat([gzipSync(rows.slice(0, half)), gzipSync(rows.slice(half))]);
    expect((await readContent(folder, 'rows.jsonl', packed)).values).toHaveLength(20_000);
    expect(await detect(packed, 'rows.jsonl.gz')).toMatchObject({ format: 'jsonl', compression: 'gzip', notes: [] });
  });

  it('that is cut off or damaged gives the rows before, and says so', async () => {
    const packed = gzipSync(rows);
    const cut = await readContent(folder, 'rows.jsonl.gz', packed.subarray(0, packed.length / 2));
    expect(cut.values.length).toBeGreaterThan(5000);
    expect(cut.messages.at(-1)).toBe('rows.jsonl.gz ends before its gzip data does. Download or copy it again.');
    packed[packed.length >> 1] = (packed[packed.length >> 1] as number) ^ 0xff;
    const damaged = await readContent(folder, 'rows.jsonl.gz', packed);
    expect(damaged.messages.at(-1)).toMatch(/^rows\.jsonl\.gz holds damaged gzip data \(/);
    expect(await refusalOfFile(folder, 'a.gz', packed.subarray(0, 12))).toContain('ends before its gzip data does');
  });
});

describe('a file that is no data file', () => {
  const zip = (name: string) => Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(26), Buffer.from(name)]);
  it.each([
    ['empty', '', 'rows.csv is empty. Choose a file with rows.'],
    ['blank', ' \n\r\n\t', 'rows.csv is empty. Choose a file with rows.'],
    ['only a byte order mark', '\ufeff', 'rows.csv is empty. Choose a file with rows.'],
    ['an .xlsx', zip('[Content_Types].xml...xl/workbook.xml'), 'rows.csv is an Excel workbook. Open it and save it as CSV (UTF-8).'],
    ['an .ods', zip('mimetypeapplication/vnd.oasis.opendocument.spreadsheet'), 'is an OpenDocument spreadsheet'],
    ['a .docx', zip('word/document.xml'), 'is a Word document'],
    ['a .zip', zip('rows.csv'), 'is a ZIP archive. Unpack it first.'],
    ['an .xls', Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'is an old Excel or Word file'],
    ['a PDF', '%PDF-1.7\n', 'is a PDF document'],
    ['a PNG', Buffer.from('89504e470d0a1a0a', 'hex'), 'is an image'],
    ['a JPEG', Buffer.from('ffd8ffe000104a464946', 'hex'), 'is an image'],
    ['SQLite', 'SQLite format 3\0', 'is an SQLite database'],
    ['a pickle', Buffer.from('80049503000000', 'hex'), 'is a Python pickle'],
    ['NumPy', Buffer.from('934e554d5059', 'hex'), 'is a NumPy array'],
    ['Arrow', 'ARROW1\0\0', 'is an Arrow or Feather file. Save it as Parquet.'],
    ['zstd', Buffer.from('28b52ffd00', 'hex'), 'is compressed with zstd. Unpack it first.'],
    ['a tar', Buffer.concat([Buffer.alloc(257, 'a'), Buffer.from('ustar\0')]), 'is a tar archive'],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x7b, 0, 0, 0]), 'is UTF-32 text. Save it as UTF-8.'],
    ['zeros', Buffer.alloc(100), 'is not text'],
    ['noise', Buffer.from(Array.from({ length: 500 }, (_, index) => (index * 167 + 3) % 256)), 'is not text'],
    ['a login page', '\n<!DOCTYPE html><html>', 'is a web page, not data'],
    ['a Git LFS pointer', 'version https://git-lfs.github.com/spec/v1\noid', 'is a placeholder that Git LFS left'],
  ])('(%s) is refused in words', async (_, content, problem) => {
    expect(await refusalOfFile(folder, 'rows.csv', content)).toContain(problem);
    const unpacked = await refusalOfFile(folder, 'rows.csv', gzipSync(content));
    expect(unpacked).toContain(problem);
  });

  it('(plain text) is refused unless its name says that it is a table', async () => {
    expect(await refusalOfFile(folder, 'notes.txt', 'Some thoughts\nabout things\n')).toBe(
      'notes.txt is plain text without columns. Save it as CSV, JSON, JSON Lines or Parquet.',
    );
  });
});

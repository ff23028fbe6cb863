/** @file Tables of text: separators, quotes, line ends, headers, and rows that do not fit. */
import Papa from 'papaparse';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { readContent, refusalOfFile } from '#test/support/records.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
});

const read = (content: string | Buffer, name = 'rows.csv') => readContent(folder, name, content);
const valuesOf = async (content: string | Buffer, name = 'rows.csv') => {
  const { values, messages } = await read(content, name);
  expect(messages).toEqual([]);
  return values;
};

const TWO = [
  { prompt: 'a', label: 'true' },
  { prompt: 'é😀', label: 'false' },
];

describe('a table', () => {
  it.each([',', ';', '\t', '|'])('may be separated by %j', async (separator) => {
    const content = `prompt${separator}label\na${separator}true\né😀${separator}false\n`;
    expect(await valuesOf(content)).toEqual(TWO);
    expect(await valuesOf(content, 'rows.tsv')).toEqual(TWO);
    expect(await valuesOf(content, 'rows')).toEqual(TWO);
  });

  it.each(['\n', '\r\n', '\r'])('may have lines that end with %j, the last one or not', async (end) => {
    expect(await valuesOf(['prompt,label', 'a,true', 'é😀,false', ''].join(end))).toEqual(TWO);
    expect(await valuesOf(['prompt,label', 'a,true', '"é😀","false"'].join(end))).toEqual(TWO);
  });

  it('keeps separators, line ends and doubled quotes that stand in quotes', async () => {
    const { records } = await read('prompt,label\r\n"a, ""b""\r\nc\n",true\r\n\r\n"",""\r\nsay ""hi"",x"\r\n');
    expect(records).toEqual([
      { row: 1, line: 2, value: { prompt: 'a, "b"\r\nc\n', label: 'true' } },
      { row: 2, line: 6, value: { prompt: '', label: '' } },
      { row: 3, line: 7, value: { prompt: 'say ""hi""', label: 'x"' } },
    ]);
  });

  it('is cut by the separator that fits, not by the one that is frequent', async () => {
    expect(await valuesOf('prompt;label\na, b, c;true\nd, e;false\n')).toHaveLength(2);
    expect(await valuesOf('prompt\tlabel\na, b; c\ttrue\nd, e\tfalse\n')).toHaveLength(2);
    expect(await valuesOf('sep=;\r\nprompt;label\r\na,b;true\r\n')).toEqual([{ prompt: 'a,b', label: 'true' }]);
  });

  it('may have one column', async () => {
    expect(await valuesOf('prompt\na\n"b, c"\n')).toEqual([{ prompt: 'a' }, { prompt: 'b, c' }]);
  });

  it('may have rows with separators to spare', async () => {
    expect(await valuesOf('prompt,label\na,true,,\n')).toEqual([{ prompt: 'a', label: 'true' }]);
  });

  it('may be longer than what is read at once, with texts across the cuts', async () => {
    const rows = Array.from({ length: 3000 }, (_, index) => ({ id: String(index), text: `é"\n,${'x'.repeat(index % 997)}` }));
    expect(await valuesOf(Papa.unparse(rows))).toEqual(rows);
  });

  it('may have a text of 5 MB in quotes', async () => {
    const text = 'a "quoted" line,\n'.repeat(300_000);
    expect(
      await valuesOf(
        Papa.unparse([
          { text, label: '1' },
          { text: 'b', label: '0' },
        ]),
      ),
    ).toEqual([
      { text, label: '1' },
      { text: 'b', label: '0' },
    ]);
  });

  it('is read as Papa Parse writes it, whatever is in it', async () => {
    const cell = fc.oneof(fc.string({ unit: 'grapheme' }), fc.stringMatching(/^[a",;|\t\r\n ]{0,6}$/u));
    const tables = fc.record({ rows: fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 8 }) });
    const property = fc.asyncProperty(tables, fc.constantFrom(',', '\t', ';', '|'), fc.boolean(), async ({ rows }, delimiter, quotes) => {
      fc.pre(rows.every((row) => row.every((text) => text.isWellFormed() && !text.includes('\0'))));
      const content = Papa.unparse({ fields: ['a', 'b', 'c'], data: rows }, { delimiter, quotes });
      expect(await valuesOf(content)).toEqual(rows.map(([a, b, c]) => ({ a, b, c })));
    });
    await fc.assert(property, { numRuns: 150, seed: 7 });
  });
});

describe('the first line', () => {
  it('names columns without the white space around them', async () => {
    expect(await valuesOf('\ufeff prompt , label\na,true\n')).toEqual([{ prompt: 'a', label: 'true' }]);
  });

  it('may lack names and have them twice, which is said', async () => {
    const { values, notes } = await read(',text,text,__proto__\n1,a,b,c\n');
    expect(Object.entries(values[0] as object)).toEqual([
      ['column 1', '1'],
      ['text', 'a'],
      ['text (2)', 'b'],
      ['__proto__', 'c'],
    ]);
    expect(notes).toEqual(['rows.csv has two columns named "text"; column 3 is called "text (2)" here.']);
  });

  it.each([
    ['alone', 'prompt,label\n', 'has names of columns, but no rows'],
    ['alone and not ended', 'prompt,label', 'has names of columns, but no rows'],
    ['empty', ',,\na,b,c\n', 'has no column names'],
    ['a text', `${'long '.repeat(300)},b\na,b\n`, 'begins with a long text instead of column names'],
    ['too wide', `${'a,'.repeat(2500)}b\n`, 'where at most 2000 are expected'],
    ['wrongly quoted', '"a"b,c\n1,2\n', 'goes on after a closing quote'],
  ])('is refused if it is %s', async (_, content, problem) => {
    expect(await refusalOfFile(folder, 'rows.csv', content)).toContain(problem);
  });
});

describe('a row that does not fit', () => {
  it('is reported with what was expected and got, and costs no other row', async () => {
    const { values, faults } = await read('a,b,c\n1,2,3\n1,2\n"x\ny",2,3,4\n4,5,6\n');
    expect(values).toEqual([
      { a: '1', b: '2', c: '3' },
      { a: '4', b: '5', c: '6' },
    ]);
    expect(faults).toEqual([
      {
        row: 2,
        line: 3,
        column: null,
        message: 'Line 3 of rows.csv has 2 fields where the first line names 3. Fill in the missing ones or skip the row.',
        expected: '3 fields',
        found: '2 fields',
        text: '{"a":"1","b":"2"}',
      },
      {
        row: 3,
        line: 4,
        column: null,
        message: 'Line 4 of rows.csv has 4 fields where the first line names 3. Put quotes around a text that holds the separator.',
        expected: '3 fields',
        found: '4 fields',
        text: '{"a":"x\\ny","b":"2","c":"3","field 4":"4"}',
      },
    ]);
  });

  it('for a quote inside quotes is told where', async () => {
    const { records, faults } = await read('a,b\n"he said "hi" to me",1\n"x\n"y,2\nz,3\n');
    expect(records).toEqual([{ row: 3, line: 5, value: { a: 'z', b: '3' } }]);
    expect(faults).toMatchObject([
      { row: 1, line: 2, column: 11 },
      { row: 2, line: 4, column: 2 },
    ]);
    expect(faults[0]?.message).toBe(
      'Line 2 of rows.csv goes on after a closing quote at column 11. Write a double quote inside a quoted text twice ("").',
    );
  });

  it('for a quote that never ends is the last one, and the line where it opens is named', async () => {
    const { values, faults } = await read('a,b\n1,2\n3,"four\n5,6\n');
    expect(values).toEqual([{ a: '1', b: '2' }]);
    expect(faults).toMatchObject([{ row: 2, line: 3 }]);
    expect(faults[0]?.message).toMatch(/^Line 3 of rows\.csv opens a quoted text that never ends\./);
  });

  it('for a quote that does not end within 64 MB is found without holding more', async () => {
    const { values, messages } = await read(`a,b\n1,2\n3,"four\n${'5,6\n'.repeat(20 * 1024 * 1024)}`);
    expect(values).toHaveLength(1);
    expect(messages).toEqual([expect.stringMatching(/^Line 3 of rows\.csv opens a quoted text that does not end within 64 MB/)]);
  });

  it('for a zero byte is reported by its column', async () => {
    const { values, messages } = await read(`a,b\n1,2\n3,fo\0ur\n${'5,6\n'.repeat(40)}`);
    expect(values).toHaveLength(41);
    expect(messages).toEqual(['Line 3 of rows.csv has a zero byte in `b`. Remove it or skip the row.']);
  });

  it('for bytes of Windows-1252 is reported by line, column and byte', async () => {
    const content = Buffer.from('a,b\n1,2\n"x\nyé",ß\n3,é\n', 'latin1');
    const { values, faults } = await read(Buffer.concat([content, Buffer.from('4,é\n')]));
    expect(values).toEqual([
      { a: '1', b: '2' },
      { a: '4', b: 'é' },
    ]);
    expect(faults).toMatchObject([
      { row: 2, line: 4, column: 2 },
      { row: 3, line: 5, column: 3 },
    ]);
    expect(faults[0]?.message).toBe(
      'Line 4 of rows.csv is not UTF-8 text: it has the byte 0xE9 at column 2. Save the file as UTF-8 (in Excel: "CSV UTF-8").',
    );
    const { values: asked } = await readContent(folder, 'rows.csv', content, { encoding: 'windows-1252' });
    expect(asked[1]).toEqual({ a: 'x\nyé', b: 'ß' });
  });
});

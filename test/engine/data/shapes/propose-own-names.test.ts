import { describe, expect, it } from 'vitest';
import { parseRow } from '#engine/data/parse-row.ts';
import { previewMapping } from '#engine/data/shapes/preview-mapping.ts';
import { proposeMapping } from '#engine/data/shapes/propose-mapping.ts';
import { ACCEPTED_ROWS } from './accepted-rows.ts';

const FILE = 'rows.jsonl';

describe("rows with Prospect's own names", () => {
  it.each(Object.entries(ACCEPTED_ROWS))('are mapped to the same row as without a mapping: %s', (_name, value) => {
    const record = { row: 7, line: 7, value };
    const [best] = proposeMapping([value]).proposals;
    expect(best).toBeDefined();
    if (best === undefined) return;
    const preview = previewMapping(best.mapping, [record], FILE);
    expect(preview.faults).toEqual([]);
    expect(preview.rows).toEqual([parseRow(value, { file: FILE, row: 7 })]);
  });

  it.each(['example', 'pair'])('are mapped to the same rows when a file mixes forms of the kind %s', (kind) => {
    const values = Object.values(ACCEPTED_ROWS).filter((value) => parseRow(value, { file: FILE, row: 1 }).kind === kind);
    const [best] = proposeMapping(values).proposals;
    expect(best?.confidence).toBeGreaterThanOrEqual(0.9);
    const records = values.map((value, index) => ({ row: index + 1, line: null, value }));
    expect(best && previewMapping(best.mapping, records, FILE).rows).toEqual(
      values.map((value, i) => parseRow(value, { file: FILE, row: i + 1 })),
    );
  });

  it('are surely recognised where their values say what they are', () => {
    for (const name of ['an example', 'a pair with a prompt', 'a conversational pair', 'messages', 'token ids', 'a pair of token ids']) {
      const [best] = proposeMapping([ACCEPTED_ROWS[name]]).proposals;
      expect([name, best?.confidence]).toEqual([name, 0.97]);
    }
  });
});

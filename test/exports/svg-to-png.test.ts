/** @file Curves as PNG: both lines and the letters of the labels are drawn, the same on every machine. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { curvesSvg } from '#engine/export/curves-svg.ts';
import { svgToPng } from '#exports/svg-to-png.ts';
import { readPng } from '#test/support/read-png.ts';

const points = (scale: number) => Array.from({ length: 40 }, (_, step) => ({ step, value: scale / (step + 1) }));
const SVG = curvesSvg('Loss', [
  { name: 'training', color: '#1971c2', points: points(1) },
  { name: 'evaluation', color: '#e8590c', points: points(2), isDashed: true },
]);

function count({ pixels }: ReturnType<typeof readPng>, is: (red: number, green: number, blue: number) => boolean): number {
  let found = 0;
  for (let at = 0; at < pixels.length; at += 4) if (is(pixels[at] ?? 0, pixels[at + 1] ?? 0, pixels[at + 2] ?? 0)) found++;
  return found;
}

test('a picture has its lines, its labels and a white ground', async () => {
  const picture = readPng(Buffer.from(await svgToPng(SVG)));
  expect(picture).toMatchObject({ width: 1280, height: 600 });
  const blue = count(picture, (r, g, b) => b > 150 && r < 90 && g < 160);
  const orange = count(picture, (r, g, b) => r > 200 && g < 140 && b < 80);
  const dark = count(picture, (r, g, b) => r < 110 && g < 110 && b < 110);
  expect(blue).toBeGreaterThan(2000);
  expect(orange).toBeGreaterThan(1000);
  // The title, names and numbers.
  expect(dark).toBeGreaterThan(1500);
  expect(count(picture, (r, g, b) => r === 255 && g === 255 && b === 255)).toBeGreaterThan(0.9 * 1280 * 600);
});

test('the same curves give the same bytes', async () => {
  const [first, second] = [await svgToPng(SVG), await svgToPng(SVG)].map((bytes) => createHash('sha256').update(bytes).digest('hex'));
  expect(second).toBe(first);
});

test('a run of which nothing is drawn says so', async () => {
  const picture = readPng(Buffer.from(await svgToPng(curvesSvg('Loss', []))));
  expect(count(picture, (r, g, b) => r < 140 && g < 140 && b < 140)).toBeGreaterThan(200);
});

/**
 * @file Draws the program's icons from renderer/public/icon.svg: `node resources/build/make-icons.ts [chromium]`. They are kept in the
 * repository, since not every machine that builds has a browser to draw with.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const SOURCE = 'renderer/public/icon.svg';
const FOLDER = 'resources/icons';
const SIZES = [16, 32, 48, 64, 128, 256, 512, 1024];
const ICO_SIZES = [16, 32, 48, 64, 128, 256];
/** Apple's names for PNGs of these sizes; those of twice the size stand for screens of double density. */
const ICNS_TYPES: readonly (readonly [string, number])[] = [
  ['icp4', 16],
  ['icp5', 32],
  ['ic07', 128],
  ['ic08', 256],
  ['ic09', 512],
  ['ic10', 1024],
  ['ic11', 32],
  ['ic12', 64],
  ['ic13', 256],
  ['ic14', 512],
];

const images = await draw(readFileSync(SOURCE, 'utf8'), process.argv[2] ?? '/usr/bin/chromium');
mkdirSync(FOLDER, { recursive: true });
writeFileSync(join(FOLDER, 'icon.png'), imageOf(512));
writeFileSync(join(FOLDER, 'icon.ico'), ico());
writeFileSync(join(FOLDER, 'icon.icns'), icns());

async function draw(svg: string, executablePath: string): Promise<ReadonlyMap<number, Buffer>> {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-background-networking'] });
  const page = await browser.newPage();
  const drawn = new Map<number, Buffer>();
  for (const size of SIZES) {
    await page.setViewportSize({ width: size, height: size });
    await page.setContent(`<style>* { margin: 0 } svg { display: block; width: ${size}px; height: ${size}px }</style>${svg}`);
    drawn.set(size, await page.screenshot({ omitBackground: true }));
  }
  await browser.close();
  return drawn;
}

function imageOf(size: number): Buffer {
  const image = images.get(size);
  if (!image) throw new Error(`No image of ${size} pixels was drawn.`);
  return image;
}

/** A header, one entry of 16 bytes an image, then the images as PNG. */
function ico(): Buffer {
  const header = Buffer.alloc(6 + 16 * ICO_SIZES.length);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(ICO_SIZES.length, 4);
  let offset = header.length;
  ICO_SIZES.forEach((size, index) => {
    const entry = 6 + 16 * index;
    header.writeUInt8(size % 256, entry); // 0 stands for 256
    header.writeUInt8(size % 256, entry + 1);
    header.writeUInt16LE(1, entry + 4);
    header.writeUInt16LE(32, entry + 6);
    header.writeUInt32LE(imageOf(size).length, entry + 8);
    header.writeUInt32LE(offset, entry + 12);
    offset += imageOf(size).length;
  });
  return Buffer.concat([header, ...ICO_SIZES.map(imageOf)]);
}

/** Chunks of a type, a length (with these eight bytes) and a PNG. */
function icns(): Buffer {
  const chunks = ICNS_TYPES.map(([type, size]) => chunk(type, imageOf(size)));
  return chunk('icns', Buffer.concat(chunks));
}

function chunk(type: string, content: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header.write(type, 'latin1');
  header.writeUInt32BE(content.length + 8, 4);
  return Buffer.concat([header, content]);
}

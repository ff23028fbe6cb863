/** @file Draws a picture of curves as PNG, which every model card and web page shows; without a browser, a system library or a font of the system. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { LABEL_FONT, LABEL_FONT_FAMILY } from './label-font.generated.ts';

/** Sharp on a screen with two pixels a point. */
const WIDTH_PIXELS = 1280;

let ready: Promise<void> | null = null;

/** @param svg - of this program; nothing in it is fetched */
export async function svgToPng(svg: string): Promise<Uint8Array> {
  await (ready ??= load());
  const resvg = new Resvg(svg, {
    fitTo: { mode: 'width', value: WIDTH_PIXELS },
    font: { fontBuffers: [Buffer.from(LABEL_FONT, 'base64')], defaultFontFamily: LABEL_FONT_FAMILY, sansSerifFamily: LABEL_FONT_FAMILY },
  });
  try {
    const image = resvg.render();
    const bytes = Uint8Array.from(image.asPng());
    image.free();
    return bytes;
  } finally {
    resvg.free();
  }
}

/** Once a process. */
async function load(): Promise<void> {
  await initWasm(await readFile(createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm')));
}

/** @file Takes curves away: the picture as it is shown, or every number. */
import { saveBlob } from '#renderer/components/save-blob.ts';
import type { CurveColours } from './curve-canvas.ts';
import type { CurveLine } from './curve-line.ts';

const TITLE_HEIGHT = 28;

export interface PngOptions {
  readonly title: string;
  readonly fileName: string;
  readonly colours: CurveColours;
}

/** With its title, on an opaque ground of the page's colour. */
export function savePng(source: HTMLCanvasElement, { title, fileName, colours }: PngOptions): void {
  const scale = source.width / Math.max(1, source.clientWidth);
  const picture = document.createElement('canvas');
  picture.width = source.width;
  picture.height = source.height + TITLE_HEIGHT * scale;
  const context = picture.getContext('2d');
  if (!context) return;
  context.fillStyle = getComputedStyle(document.body).backgroundColor;
  context.fillRect(0, 0, picture.width, picture.height);
  context.fillStyle = colours.text;
  context.font = `600 ${13 * scale}px system-ui, sans-serif`;
  context.fillText(title, 8 * scale, 19 * scale);
  context.drawImage(source, 0, TITLE_HEIGHT * scale);
  picture.toBlob((blob) => blob && saveBlob(blob, `${fileName}.png`), 'image/png');
}

/** All steps, whatever is shown of them. */
export function saveCsv(lines: readonly CurveLine[], fileName: string): void {
  saveBlob(new Blob([toCsv(lines)], { type: 'text/csv' }), `${fileName}.csv`);
}

/** One row a step, one column a line; empty where it was not measured. */
export function toCsv(lines: readonly CurveLine[]): string {
  const columns = lines.flatMap((line) => {
    const column = line.history.column(line.metric);
    return column
      ? [{ name: line.run === undefined ? line.metric : `${line.run} ${line.metric}`, steps: column.steps, values: column.values }]
      : [];
  });
  const cursors = columns.map(() => 0);
  const rows = [['step', ...columns.map(({ name }) => name)].map(quoted).join(',')];
  for (;;) {
    const step = Math.min(...columns.map(({ steps }, index) => steps[cursors[index] ?? 0] ?? Infinity));
    if (step === Infinity) break;
    const cells = columns.map(({ steps, values }, index) => {
      const at = cursors[index] ?? 0;
      if (steps[at] !== step) return '';
      cursors[index] = at + 1;
      return String(values[at]);
    });
    rows.push([String(step), ...cells].join(','));
  }
  return `${rows.join('\n')}\n`;
}

function quoted(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** @file Curves of a run as a picture: SVG, which needs no library, stays sharp at any size, and shows on web pages and in reports. */

export interface Curve {
  readonly name: string;
  readonly points: readonly { readonly step: number; readonly value: number }[];
  /** CSS colour. */
  readonly color: string;
  /** As evaluations are drawn. */
  readonly isDashed?: boolean;
}

const [WIDTH, HEIGHT] = [640, 300];
const MARGIN = { left: 64, right: 16, top: 32, bottom: 40 };
const TICKS = 5;
/** More points than pixels draw the same line. */
const MAX_POINTS = 600;

/** @returns a whole SVG document; the picture says so where there is nothing to draw */
export function curvesSvg(title: string, curves: readonly Curve[]): string {
  const drawn = curves
    .map((curve) => ({ ...curve, points: thinned(curve.points.filter(({ value }) => Number.isFinite(value))) }))
    .filter(({ points }) => points.length > 0);
  const head =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="${escaped(title)}" ` +
    `font-family="system-ui, sans-serif" font-size="12"><rect width="100%" height="100%" fill="#fff"/><text x="${MARGIN.left}" y="20" font-weight="600" fill="#222">${escaped(title)}</text>`;
  if (drawn.length === 0)
    return `${head}<text x="${WIDTH / 2}" y="${HEIGHT / 2}" text-anchor="middle" fill="#666">No values</text></svg>\n`;
  const all = drawn.flatMap(({ points }) => points);
  const x = scale(extent(all.map(({ step }) => step)), { from: MARGIN.left, to: WIDTH - MARGIN.right, isWhole: true });
  const y = scale(extent(all.map(({ value }) => value)), { from: HEIGHT - MARGIN.bottom, to: MARGIN.top, isWhole: false });
  return `${head}${axes(x, y)}${drawn.map((curve) => line(curve, x, y)).join('')}${legend(drawn)}</svg>\n`;
}

interface Scale {
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

function scale(
  [low, high]: readonly [number, number],
  { from, to, isWhole }: { readonly from: number; readonly to: number; readonly isWhole: boolean },
): Scale {
  return { at: (value) => from + ((value - low) / (high - low)) * (to - from), ticks: roundTicks(low, high, isWhole) };
}

/** Multiples of 1, 2 or 5 times a power of ten. */
function roundTicks(low: number, high: number, isWhole: boolean): number[] {
  const rough = (high - low) / TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((multiple) => multiple * power >= rough) ?? 10) * power;
  const used = isWhole ? Math.max(1, Math.round(step)) : step;
  const first = Math.ceil(low / used);
  return Array.from({ length: Math.floor(high / used) - first + 1 }, (_, i) => (first + i) * used);
}

/** Never empty: a flat curve lies in the middle. */
function extent(values: readonly number[]): readonly [number, number] {
  const low = values.reduce((least, value) => Math.min(least, value), Infinity);
  const high = values.reduce((most, value) => Math.max(most, value), -Infinity);
  const margin = high === low ? Math.max(1, Math.abs(high)) / 2 : 0;
  return [low - margin, high + margin];
}

function axes(x: Scale, y: Scale): string {
  const bottom = HEIGHT - MARGIN.bottom;
  const horizontal = y.ticks.map(
    (value) =>
      `<line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${fixed(y.at(value))}" y2="${fixed(y.at(value))}" stroke="#e5e5e5"/>` +
      `<text x="${MARGIN.left - 8}" y="${fixed(y.at(value) + 4)}" text-anchor="end" fill="#555">${short(value)}</text>`,
  );
  const vertical = x.ticks.map(
    (value) => `<text x="${fixed(x.at(value))}" y="${bottom + 18}" text-anchor="middle" fill="#555">${Math.round(value)}</text>`,
  );
  return `${horizontal.join('')}${vertical.join('')}<text x="${WIDTH / 2}" y="${HEIGHT - 6}" text-anchor="middle" fill="#555">step</text>`;
}

function line({ points, color, isDashed }: Curve, x: Scale, y: Scale): string {
  const path = points.map(({ step, value }, i) => `${i === 0 ? 'M' : 'L'}${fixed(x.at(step))} ${fixed(y.at(value))}`).join('');
  const mark =
    points.length === 1
      ? points.map(({ step, value }) => `<circle cx="${fixed(x.at(step))}" cy="${fixed(y.at(value))}" r="3" fill="${color}"/>`)
      : [];
  return `<path d="${path}" fill="none" stroke="${color}" stroke-width="1.8"${isDashed ? ' stroke-dasharray="6 4"' : ''}/>${mark.join('')}`;
}

function legend(curves: readonly Curve[]): string {
  let left = MARGIN.left + 150;
  return curves
    .map(({ name, color, isDashed }) => {
      const at = left;
      left += 34 + name.length * 7;
      return (
        `<line x1="${at}" x2="${at + 20}" y1="16" y2="16" stroke="${color}" stroke-width="2"${isDashed ? ' stroke-dasharray="6 4"' : ''}/>` +
        `<text x="${at + 24}" y="20" fill="#222">${escaped(name)}</text>`
      );
    })
    .join('');
}

function thinned<Point>(points: readonly Point[]): readonly Point[] {
  if (points.length <= MAX_POINTS) return points;
  const every = (points.length - 1) / (MAX_POINTS - 1);
  return Array.from({ length: MAX_POINTS }, (_, i) => points[Math.round(i * every)] as Point);
}

function fixed(value: number): string {
  return value.toFixed(1);
}

function short(value: number): string {
  return Math.abs(value) >= 1e4 || (value !== 0 && Math.abs(value) < 1e-3) ? value.toExponential(1) : String(Number(value.toPrecision(3)));
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** @file A curve as small as a word. */

const WIDTH = 96;
const HEIGHT = 22;
const MARGIN = 2;

export interface SparklineProps {
  /** Null is a gap. */
  readonly values: readonly (number | null)[];
  readonly label: string;
}

export function Sparkline({ values, label }: SparklineProps) {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return null;
  return (
    <svg width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      <path
        d={pathOf(values, Math.min(...known), Math.max(...known))}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinejoin="round"
      />
    </svg>
  );
}

/** A flat curve lies in the middle. */
export function pathOf(values: readonly (number | null)[], low: number, high: number): string {
  const x = (index: number): number => MARGIN + (index * (WIDTH - 2 * MARGIN)) / Math.max(1, values.length - 1);
  const y = (value: number): number => (high === low ? HEIGHT / 2 : MARGIN + ((high - value) * (HEIGHT - 2 * MARGIN)) / (high - low));
  let draws = false;
  return values
    .flatMap((value, index) => {
      const command = draws ? 'L' : 'M';
      draws = value !== null;
      return value === null ? [] : [`${command}${x(index).toFixed(1)} ${y(value).toFixed(1)}`];
    })
    .join('');
}

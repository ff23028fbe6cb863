/** @file A chart on a canvas: Chart.js draws what is left of the curves after they were thinned out. The only file that knows Chart.js. */
import { Chart, LinearScale, LineController, LineElement, LogarithmicScale, PointElement, type ChartDataset, type Plugin } from 'chart.js';
import { AxisScale } from './axis-scale.ts';
import type { CurveLine, CurveLook } from './curve-line.ts';
import type { ViewRange } from './linked-view.ts';
import { thinOut, type Point } from './thin-out.ts';

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale);

/** The same in all charts, so that their steps stand below each other. */
const AXIS_WIDTH = 58;
/** More would only be a grey area. */
const MOST_EPOCH_MARKS = 40;
const POINTS_A_PIXEL = 2;

export interface CurveColours {
  readonly text: string;
  readonly grid: string;
  readonly mark: string;
}

export interface Drawn extends CurveLook {
  readonly lines: readonly CurveLine[];
  /** In steps; null is everything. */
  readonly range: ViewRange | null;
  /** Steps at which the model was asked the probe prompts. */
  readonly sampleSteps: readonly number[];
  readonly colours: CurveColours;
}

type LineChart = Chart<'line', Point[]>;

export class CurveCanvas {
  readonly #chart: LineChart;
  #drawn: Drawn | null = null;
  #scale = new AxisScale('step', []);

  constructor(context: CanvasRenderingContext2D) {
    this.#chart = new Chart<'line', Point[]>(context, {
      type: 'line',
      data: { datasets: [] },
      options: {
        animation: false,
        parsing: false,
        normalized: true,
        responsive: true,
        maintainAspectRatio: false,
        events: [],
        elements: { point: { radius: 0 }, line: { borderJoinStyle: 'round' } },
        scales: {
          x: { type: 'linear', ticks: { maxTicksLimit: 8, maxRotation: 0, font: { size: 11 } } },
          y: { type: 'linear', ticks: { maxTicksLimit: 6, font: { size: 11 } }, afterFit: (axis) => void (axis.width = AXIS_WIDTH) },
        },
      },
      plugins: [this.#marks()],
    });
  }

  /** Everything anew; some milliseconds. */
  draw(drawn: Drawn): void {
    this.#drawn = drawn;
    const { lines, colours, logarithmic, smoothing } = drawn;
    const scale = new AxisScale(drawn.axis, lines);
    this.#scale = scale;
    const { min, max } = this.#span(drawn);
    this.#chart.data.datasets = lines.flatMap((line) =>
      datasetsOf(line, { ...drawn, scale, maxPoints: POINTS_A_PIXEL * this.#width(), smoothing }),
    );
    const startsAtZero = isNearZero(lines);
    const axis = { ticks: { maxTicksLimit: 8, maxRotation: 0, font: { size: 11 }, color: colours.text }, grid: { color: colours.grid } };
    this.#chart.options.scales = {
      x: { type: 'linear', min: scale.toX(min), max: scale.toX(max), ...axis, border: { color: colours.grid } },
      y: {
        type: logarithmic ? 'logarithmic' : 'linear',
        ticks: {
          maxTicksLimit: 6,
          font: { size: 11 },
          color: colours.text,
          callback: (value, _index, ticks) => tickText(Number(value), ticks),
        },
        grid: { color: colours.grid },
        border: { display: false },
        grace: logarithmic ? 0 : '5%',
        // What is never negative does not look as if it were.
        ...(startsAtZero && !logarithmic ? { min: 0 } : {}),
        afterFit: (vertical) => void (vertical.width = AXIS_WIDTH),
      },
    };
    this.#chart.update('none');
  }

  resize(): void {
    this.#chart.resize();
    if (this.#drawn) this.draw(this.#drawn);
  }

  /** Of a place on the canvas, in CSS pixels; null beside the curves. */
  stepAt(pixel: number): number | null {
    const { left, right } = this.#chart.chartArea;
    if (!this.#drawn || pixel < left - 2 || pixel > right + 2) return null;
    const x = this.#chart.scales['x']?.getValueForPixel(pixel) ?? 0;
    return Math.max(0, Math.round(this.#scale.toStep(x)));
  }

  /** Where a step is, in CSS pixels; null where it is not shown. */
  pixelOf(step: number): number | null {
    if (!this.#drawn) return null;
    const { left, right } = this.#chart.chartArea;
    const pixel = this.#chart.scales['x']?.getPixelForValue(this.#scale.toX(step)) ?? NaN;
    return pixel >= left - 1 && pixel <= right + 1 ? pixel : null;
  }

  /** Of the curves in the canvas, in CSS pixels. */
  get area(): { readonly top: number; readonly bottom: number } {
    return this.#chart.chartArea;
  }

  destroy(): void {
    this.#chart.destroy();
  }

  #width(): number {
    return Math.max(100, this.#chart.width - AXIS_WIDTH);
  }

  #span({ range, lines }: Drawn): { min: number; max: number } {
    if (range) return { min: range.from, max: range.to };
    return { min: 0, max: Math.max(1, ...lines.map((line) => this.#scale.viewStep(line, line.history.lastStep))) };
  }

  /** Where epochs end, and where samples were taken. */
  #marks(): Plugin<'line'> {
    return {
      id: 'marks',
      beforeDatasetsDraw: ({ ctx, chartArea: { top, bottom, left, right } }) => {
        const drawn = this.#drawn;
        if (!drawn) return;
        ctx.save();
        ctx.strokeStyle = drawn.colours.grid;
        ctx.fillStyle = drawn.colours.mark;
        ctx.lineWidth = 1;
        ctx.setLineDash([3, 3]);
        for (const step of epochEnds(drawn, this.#span(drawn))) {
          const pixel = this.pixelOf(step);
          if (pixel === null || pixel < left + 2 || pixel > right - 2) continue;
          ctx.beginPath();
          ctx.moveTo(pixel, top);
          ctx.lineTo(pixel, bottom);
          ctx.stroke();
        }
        for (const step of drawn.sampleSteps) {
          const pixel = this.pixelOf(step);
          if (pixel === null) continue;
          ctx.beginPath();
          ctx.moveTo(pixel - 4, bottom);
          ctx.lineTo(pixel + 4, bottom);
          ctx.lineTo(pixel, bottom - 6);
          ctx.fill();
        }
        ctx.restore();
      },
    };
  }
}

function epochEnds({ lines }: Drawn, { min, max }: { min: number; max: number }): number[] {
  const stepsPerEpoch = lines[0]?.history.stepsPerEpoch ?? null;
  if (stepsPerEpoch === null) return [];
  const [first, last] = [Math.max(1, Math.ceil(min / stepsPerEpoch)), Math.floor(max / stepsPerEpoch)];
  if (last - first >= MOST_EPOCH_MARKS) return [];
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => (first + index) * stepsPerEpoch);
}

interface DatasetOptions extends Drawn {
  readonly maxPoints: number;
  readonly scale: AxisScale;
}

/** The values themselves, faint behind, and their average; only the values where there is nothing to average. */
function datasetsOf(line: CurveLine, { smoothing, range, maxPoints, logarithmic, scale }: DatasetOptions): ChartDataset<'line', Point[]>[] {
  const column = line.history.column(line.metric);
  if (!column) return [];
  // One more on either side, so that lines lead out of the picture.
  const from = range ? Math.max(0, column.indexAt(scale.ownStep(line, range.from))) : 0;
  const to = range ? Math.min(column.length, column.indexAfter(scale.ownStep(line, range.to)) + 1) : column.length;
  const shared = { steps: column.steps, from, to, maxPoints, toX: (step: number) => scale.toX(scale.viewStep(line, step)) };
  const pointsOf = (values: Float64Array): Point[] => {
    const points = thinOut({ ...shared, values });
    return logarithmic ? points.filter(({ y }) => !(y <= 0)) : points;
  };
  const isSmooth = smoothing > 0 && !line.dashed && column.length > 2;
  const style = { borderDash: line.dashed ? [5, 4] : [], spanGaps: false, pointRadius: to - from === 1 || line.dashed ? 2 : 0 };
  const values = { ...style, data: pointsOf(column.values), backgroundColor: line.colour };
  if (!isSmooth) return [{ ...values, borderColor: line.colour, borderWidth: 1.75, order: 1 }];
  return [
    {
      ...style,
      data: pointsOf(column.smoothed(smoothing)),
      borderColor: line.colour,
      backgroundColor: line.colour,
      borderWidth: 1.75,
      order: 1,
    },
    { ...values, borderColor: faint(line.colour), borderWidth: 1, order: 2 },
  ];
}

/** Never negative, and so close to zero that room below it would look as if there were something. */
function isNearZero(lines: readonly CurveLine[]): boolean {
  const columns = lines.flatMap(({ history, metric }) => history.column(metric) ?? []);
  const [lowest, highest] = [Math.min(...columns.map((column) => column.lowest)), Math.max(...columns.map((column) => column.highest))];
  return lowest >= 0 && lowest < 0.1 * highest;
}

/** @param colour - `#rrggbb` */
function faint(colour: string): string {
  return `${colour}4d`;
}

/** With as many digits as tell it from its neighbours. */
function tickText(value: number, ticks: readonly { readonly value: number }[]): string {
  if (value === 0) return '0';
  const apart = Math.abs((ticks[1]?.value ?? 0) - (ticks[0]?.value ?? 0)) || Math.abs(value);
  const largest = Math.max(...ticks.map((tick) => Math.abs(tick.value)));
  if (largest >= 1e5 || largest < 1e-3) return value.toExponential(Math.min(2, Math.max(0, digitsOf(Math.abs(value) / apart))));
  return value.toFixed(Math.min(6, Math.max(0, Math.ceil(-Math.log10(apart) - 1e-9))));
}

/** Of a ratio's whole part, less one. */
function digitsOf(ratio: number): number {
  return Math.floor(Math.log10(Math.max(1, ratio)));
}

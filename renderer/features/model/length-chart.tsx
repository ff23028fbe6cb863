/** @file A histogram of lengths with a line at max_length, which can be dragged, or moved with the keys of a slider. */
import { useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import type { LengthReport } from '#contract/models.ts';
import { formatCount } from '#renderer/words/numbers.ts';
import { modelWords } from '#renderer/words/model.ts';
import classes from './length-chart.module.css';

const WIDTH = 720;
const HEIGHT = 200;
const AXIS = 24;
const PLOT = HEIGHT - AXIS;
const TOP = 18;
const LEAST = 2;
const PAGE_STEP = 32;

export interface LengthChartProps {
  readonly report: LengthReport;
  readonly limit: number;
  /** While it is moved. */
  readonly onMove: (limit: number) => void;
  /** When it was let go. */
  readonly onLeave: (limit: number) => void;
}

export function LengthChart({ report, limit, onMove, onLeave }: LengthChartProps) {
  const { bins, max } = report.sequence;
  const widest = Math.max(max, bins.at(-1)?.from ?? 1, limit) * 1.08;
  // Where it was when the drag began, so that the picture does not shrink below the pointer.
  const [held, setHeld] = useState<number | null>(null);
  const scale = WIDTH / (held ?? widest);
  const lineX = Math.min(limit * scale, WIDTH - 1);
  const slider = useSlider({ limit, scale, most: Math.round(held ?? widest), onMove, onLeave, hold: (on) => setHeld(on ? widest : null) });
  return (
    <svg ref={slider.ref} className={classes.chart} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="group" aria-label={modelWords.lengths.title}>
      <Bars report={report} limit={limit} scale={scale} />
      <line className={classes.axis} x1={0} x2={WIDTH} y1={PLOT} y2={PLOT} />
      {ticksUpTo(held ?? widest).map((tick) => (
        <text key={tick} className={classes.tick} x={tick * scale} y={HEIGHT - 8} textAnchor={tick === 0 ? 'start' : 'middle'}>
          {formatCount(tick)}
        </text>
      ))}
      <g
        className={classes.slider}
        role="slider"
        tabIndex={0}
        aria-label={modelWords.lengths.line}
        aria-valuemin={LEAST}
        aria-valuemax={Math.max(limit, Math.round(widest))}
        aria-valuenow={limit}
        aria-valuetext={modelWords.lengths.tokens(limit)}
        {...slider.handlers}
      >
        <rect className={classes.grip} x={lineX - 10} y={0} width={20} height={PLOT} />
        <line className={classes.line} x1={lineX} x2={lineX} y1={TOP - 4} y2={PLOT} />
        <circle className={classes.knob} cx={lineX} cy={PLOT / 2} r={6} />
        <text className={classes.value} x={lineX} y={11} textAnchor={anchorAt(lineX)}>
          max_length {formatCount(limit)}
        </text>
      </g>
    </svg>
  );
}

function Bars({ report, limit, scale }: Pick<LengthChartProps, 'report' | 'limit'> & { readonly scale: number }) {
  const { bins, max } = report.sequence;
  const highest = Math.max(...bins.map(({ count }) => count), 1);
  return bins.map(({ from, below, count }) => {
    const end = below ?? max + 1;
    const height = (count / highest) * (PLOT - TOP);
    return (
      <rect
        key={from}
        className={from >= limit ? classes.beyond : classes.bar}
        x={from * scale}
        width={Math.max(1, (end - from) * scale - 1)}
        y={PLOT - height}
        height={height}
      >
        <title>{modelWords.lengths.bar(from, below, count)}</title>
      </rect>
    );
  });
}

interface SliderOptions {
  readonly limit: number;
  /** Pixels of the picture a token. */
  readonly scale: number;
  readonly most: number;
  readonly onMove: (limit: number) => void;
  readonly onLeave: (limit: number) => void;
  readonly hold: (on: boolean) => void;
}

function useSlider({ limit, scale, most, onMove, onLeave, hold }: SliderOptions) {
  const ref = useRef<SVGSVGElement>(null);
  const isHeld = useRef(false);
  const at = (event: PointerEvent): number => {
    const box = ref.current?.getBoundingClientRect();
    const x = box && box.width > 0 ? ((event.clientX - box.left) / box.width) * WIDTH : 0;
    return Math.max(LEAST, Math.min(most, Math.round(x / scale)));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = nextByKey(event.key, limit, most);
    if (next === null) return;
    event.preventDefault();
    onMove(next);
    onLeave(next);
  };
  return {
    ref,
    handlers: {
      onKeyDown,
      onPointerDown: (event: PointerEvent<SVGGElement>) => {
        isHeld.current = true;
        hold(true);
        event.currentTarget.setPointerCapture(event.pointerId);
      },
      onPointerMove: (event: PointerEvent) => {
        if (isHeld.current) onMove(at(event));
      },
      onPointerUp: (event: PointerEvent) => {
        if (!isHeld.current) return;
        isHeld.current = false;
        hold(false);
        onLeave(at(event));
      },
    },
  };
}

/** As a slider's keys: null for all others. */
function nextByKey(key: string, limit: number, most: number): number | null {
  const moves: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowDown: -1,
    ArrowRight: 1,
    ArrowUp: 1,
    PageDown: -PAGE_STEP,
    PageUp: PAGE_STEP,
  };
  if (key === 'Home') return LEAST;
  if (key === 'End') return most;
  const move = moves[key];
  return move === undefined ? null : Math.max(LEAST, limit + move);
}

function anchorAt(x: number): 'start' | 'middle' | 'end' {
  if (x < 60) return 'start';
  return x > WIDTH - 60 ? 'end' : 'middle';
}

/** Four to eight round numbers from 0. */
function ticksUpTo(widest: number): number[] {
  const rough = widest / 6;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? rough);
  return Array.from({ length: Math.floor(widest / step) + 1 }, (_, index) => index * step);
}

/** @file The canvas of a chart: drawn when something has changed and it can be seen, but never more often than the machine can bear. */
import { useEffect, useEffectEvent, useRef, type RefObject } from 'react';
import { CurveCanvas, type Drawn } from './curve-canvas.ts';
import { doNotDraw, drawSoon } from './draw-queue.ts';
import type { LinkedView } from './linked-view.ts';

/** A chart that grows takes at most this part of the time. */
const MOST_OF_TIME = 0.04;

export type CanvasInput = Omit<Drawn, 'range'> & { readonly view: LinkedView };

export interface CurveSurface {
  readonly canvas: RefObject<CurveCanvas | null>;
  /** An element above the canvas, so that hovering draws nothing. */
  readonly crosshair: RefObject<HTMLDivElement | null>;
}

/** What lives as long as the chart. */
interface Drawing extends CurveSurface {
  readonly isVisible: RefObject<boolean>;
  readonly lastDraw: RefObject<{ readonly atMs: number; readonly tookMs: number }>;
  /** One function for the whole life of the chart: the queue knows it by its identity. */
  readonly draw: RefObject<() => void>;
  readonly placeCrosshair: RefObject<() => void>;
}

export function useCurveCanvas(surface: RefObject<HTMLCanvasElement | null>, input: CanvasInput): CurveSurface {
  const drawing = useDrawing(input);
  const { canvas, crosshair, draw } = drawing;
  useSurface(surface, drawing);
  useGrowth(input, drawing);
  const { lines, axis, smoothing, logarithmic, colours, sampleSteps } = input;
  useEffect(() => drawSoon(draw.current), [lines, axis, smoothing, logarithmic, colours, sampleSteps, draw]);
  return { canvas, crosshair };
}

function useDrawing({ view, ...drawn }: CanvasInput): Drawing {
  const canvas = useRef<CurveCanvas>(null);
  const crosshair = useRef<HTMLDivElement>(null);
  const isVisible = useRef(false);
  const lastDraw = useRef({ atMs: -Infinity, tookMs: 0 });
  const draw = useRef(() => undefined as void);
  const placeCrosshair = useRef(() => undefined as void);
  const place = useEffectEvent(() => {
    if (!crosshair.current) return;
    const pixel = view.hovered === null ? null : (canvas.current?.pixelOf(view.hovered) ?? null);
    moveCrosshair(crosshair.current, pixel, canvas.current);
  });
  const drawNow = useEffectEvent(() => {
    if (!canvas.current || !isVisible.current) return;
    const atMs = performance.now();
    canvas.current.draw({ ...drawn, range: view.range });
    lastDraw.current = { atMs, tookMs: performance.now() - atMs };
    place();
  });
  useEffect(() => {
    draw.current = () => drawNow();
    placeCrosshair.current = () => place();
  }, []);
  return useRef({ canvas, crosshair, isVisible, lastDraw, draw, placeCrosshair }).current;
}

function moveCrosshair(line: HTMLDivElement, pixel: number | null, canvas: CurveCanvas | null): void {
  line.hidden = pixel === null;
  if (pixel === null || !canvas) return;
  const { top, bottom } = canvas.area;
  line.style.transform = `translate(${pixel}px, ${top}px)`;
  line.style.height = `${bottom - top}px`;
}

/** Makes the canvas, draws it when it comes into sight or changes its size, and takes it away. */
function useSurface(surface: RefObject<HTMLCanvasElement | null>, { canvas, isVisible, draw }: Drawing): void {
  useEffect(() => {
    const context = surface.current?.getContext('2d');
    if (!context || !surface.current) return undefined;
    const made = new CurveCanvas(context);
    canvas.current = made;
    const mine = draw.current;
    const seen = new IntersectionObserver(([entry]) => {
      isVisible.current = entry?.isIntersecting === true;
      if (isVisible.current) drawSoon(mine);
    });
    const sized = new ResizeObserver(() => {
      made.resize();
      drawSoon(mine);
    });
    const box = surface.current.parentElement ?? surface.current;
    seen.observe(box);
    sized.observe(box);
    return () => {
      seen.disconnect();
      sized.disconnect();
      doNotDraw(mine);
      canvas.current = null;
      made.destroy();
    };
  }, [surface, canvas, isVisible, draw]);
}

/** Draws again when there are new values, or when a neighbour is zoomed or hovered. */
function useGrowth({ lines, view }: Pick<CanvasInput, 'lines' | 'view'>, { draw, lastDraw, placeCrosshair }: Drawing): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    const grow = (): void => {
      const { atMs, tookMs } = lastDraw.current;
      timer ??= setTimeout(
        () => {
          timer = null;
          drawSoon(draw.current);
        },
        Math.max(0, atMs + tookMs / MOST_OF_TIME - performance.now()),
      );
    };
    const histories = [...new Set(lines.map(({ history }) => history))];
    const ends = [
      ...histories.map((history) => history.subscribe(grow)),
      view.onRange(() => drawSoon(draw.current)),
      view.onHover(() => placeCrosshair.current()),
    ];
    return () => {
      ends.forEach((end) => end());
      if (timer !== null) clearTimeout(timer);
    };
  }, [lines, view, draw, lastDraw, placeCrosshair]);
}

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

export function useCurveCanvas(surface: RefObject<HTMLCanvasElement | null>, { view, ...drawn }: CanvasInput): CurveSurface {
  const canvas = useRef<CurveCanvas>(null);
  const crosshair = useRef<HTMLDivElement>(null);
  const isVisible = useRef(false);
  const lastDraw = useRef({ atMs: -Infinity, tookMs: 0 });
  const placeCrosshair = useEffectEvent(() => {
    const line = crosshair.current;
    if (!line) return;
    const pixel = view.hovered === null ? null : (canvas.current?.pixelOf(view.hovered) ?? null);
    line.hidden = pixel === null;
    if (pixel === null || !canvas.current) return;
    const { top, bottom } = canvas.current.area;
    line.style.transform = `translate(${pixel}px, ${top}px)`;
    line.style.height = `${bottom - top}px`;
  });
  const drawNow = useEffectEvent(() => {
    if (!canvas.current || !isVisible.current) return;
    const atMs = performance.now();
    canvas.current.draw({ ...drawn, range: view.range });
    lastDraw.current = { atMs, tookMs: performance.now() - atMs };
    placeCrosshair();
  });
  // One function for the whole life of the chart: the queue knows it by its identity.
  const draw = useRef(() => undefined as void);
  useEffect(() => {
    draw.current = () => drawNow();
  }, []);
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
  }, [surface]);
  const { lines, axis, smoothing, logarithmic, colours, sampleSteps } = drawn;
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
      view.onHover(() => placeCrosshair()),
    ];
    return () => {
      ends.forEach((end) => end());
      if (timer !== null) clearTimeout(timer);
    };
  }, [lines, view]);
  useEffect(() => drawSoon(draw.current), [lines, axis, smoothing, logarithmic, colours, sampleSteps]);
  return { canvas, crosshair };
}

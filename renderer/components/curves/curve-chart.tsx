/** @file A chart of a run's curves: hover for values, drag to zoom, and everything by keyboard. What is hovered and zoomed is shared with its neighbours. */
import { ActionIcon, Box, Group, Menu, Paper, Switch, Text } from '@mantine/core';
import { memo, useRef, useState, type KeyboardEvent, type PointerEvent, type RefObject } from 'react';
import { curvesWords } from '#renderer/words/curves.ts';
import { AxisScale } from './axis-scale.ts';
import type { CurveCanvas, CurveColours } from './curve-canvas.ts';
import classes from './curve-chart.module.css';
import { CurveLegend } from './curve-legend.tsx';
import type { CurveAxis, CurveLine, CurveLook } from './curve-line.ts';
import type { LinkedView } from './linked-view.ts';
import { saveCsv, savePng } from './save-curves.ts';
import { useCurveCanvas } from './use-curve-canvas.ts';

/** A drag shorter than this is a click. */
const MIN_DRAG_PIXELS = 5;

export interface CurveChartProps {
  readonly title: string;
  /** For files: no spaces. */
  readonly fileName: string;
  readonly lines: readonly CurveLine[];
  readonly look: Omit<CurveLook, 'logarithmic'>;
  /** Whether a logarithmic axis makes sense. */
  readonly mayBeLogarithmic: boolean;
  readonly view: LinkedView;
  readonly sampleSteps: readonly number[];
  readonly colours: CurveColours;
  readonly height?: number;
}

/** Shown again only when it is another chart: what its lines measure is drawn without React. */
export const CurveChart = memo(function CurveChart({
  title,
  fileName,
  lines,
  look,
  mayBeLogarithmic,
  view,
  sampleSteps,
  colours,
  height = 190,
}: CurveChartProps) {
  const [logarithmic, setLogarithmic] = useState(false);
  const surface = useRef<HTMLCanvasElement>(null);
  const selection = useRef<HTMLDivElement>(null);
  const { canvas, crosshair } = useCurveCanvas(surface, { lines, view, sampleSteps, colours, ...look, logarithmic });
  const drag = useDragZoom(canvas, view, selection);
  return (
    <Paper withBorder p="xs" component="figure" m={0} aria-label={title} className={classes['chart']}>
      <Header
        title={title}
        onLogarithmic={mayBeLogarithmic ? setLogarithmic : null}
        isLogarithmic={logarithmic}
        onPng={() => surface.current && savePng(surface.current, { title, fileName, colours })}
        onCsv={() => saveCsv(lines, fileName)}
      />
      <CurveLegend lines={lines} view={view} axis={look.axis} smoothing={look.smoothing} />
      <Box
        className={classes.plot}
        mih={height}
        role="application"
        aria-label={curvesWords.chart(title)}
        aria-roledescription={curvesWords.roleDescription}
        tabIndex={0}
        onKeyDown={(event) => moveByKey(event, { lines, axis: look.axis, view })}
        onDoubleClick={() => view.show(null)}
        {...drag}
      >
        <canvas ref={surface} aria-hidden />
        <div ref={crosshair} className={classes.crosshair} hidden />
        <div ref={selection} className={classes.selection} hidden />
      </Box>
    </Paper>
  );
});

interface SaveMenuProps {
  readonly title: string;
  readonly onPng: () => void;
  readonly onCsv: () => void;
}

interface HeaderProps extends SaveMenuProps {
  readonly isLogarithmic: boolean;
  /** Null where a logarithmic axis makes no sense. */
  readonly onLogarithmic: ((logarithmic: boolean) => void) | null;
}

function Header({ isLogarithmic, onLogarithmic, ...menu }: HeaderProps) {
  return (
    <Group justify="space-between" gap="xs" wrap="nowrap">
      <Text size="sm" fw={600} component="figcaption">
        {menu.title}
      </Text>
      <Group gap={4} wrap="nowrap">
        {onLogarithmic ? (
          <Switch
            size="xs"
            label={curvesWords.logarithmic}
            checked={isLogarithmic}
            onChange={({ currentTarget }) => onLogarithmic(currentTarget.checked)}
          />
        ) : null}
        <SaveMenu {...menu} />
      </Group>
    </Group>
  );
}

function SaveMenu({ title, onPng, onCsv }: SaveMenuProps) {
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="sm" aria-label={curvesWords.save(title)}>
          <SaveIcon />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={onPng}>{curvesWords.png}</Menu.Item>
        <Menu.Item onClick={onCsv}>{curvesWords.csv}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function useDragZoom(canvas: RefObject<CurveCanvas | null>, view: LinkedView, selection: RefObject<HTMLDivElement | null>) {
  const startedAt = useRef<number | null>(null);
  const pixelOf = (event: PointerEvent<HTMLElement>): number => event.clientX - event.currentTarget.getBoundingClientRect().left;
  const showSelection = (from: number, to: number): void => {
    const box = selection.current;
    if (!box || !canvas.current) return;
    const { top, bottom } = canvas.current.area;
    box.hidden = Math.abs(to - from) < MIN_DRAG_PIXELS;
    box.style.transform = `translate(${Math.min(from, to)}px, ${top}px)`;
    box.style.width = `${Math.abs(to - from)}px`;
    box.style.height = `${bottom - top}px`;
  };
  return {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0) return;
      startedAt.current = pixelOf(event);
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      const pixel = pixelOf(event);
      view.hover(canvas.current?.stepAt(pixel) ?? null);
      if (startedAt.current !== null) showSelection(startedAt.current, pixel);
    },
    onPointerLeave: () => view.hover(null),
    onPointerUp: (event: PointerEvent<HTMLElement>) => {
      const [from, to] = [startedAt.current, pixelOf(event)];
      startedAt.current = null;
      if (selection.current) selection.current.hidden = true;
      if (from === null || Math.abs(to - from) < MIN_DRAG_PIXELS) return;
      const steps = [canvas.current?.stepAt(from), canvas.current?.stepAt(to)].map((step) => step ?? null);
      const [first, last] = steps.some((step) => step === null) ? [0, 0] : (steps as number[]).toSorted((a, b) => a - b);
      if (last !== undefined && first !== undefined && last > first) view.show({ from: first, to: last });
    },
  };
}

interface Moved {
  readonly lines: readonly CurveLine[];
  readonly axis: CurveAxis;
  readonly view: LinkedView;
}

/** Arrows move the crosshair, + and - zoom around it, Escape shows everything. */
function moveByKey(event: KeyboardEvent, { lines, axis, view }: Moved): void {
  const scale = new AxisScale(axis, lines);
  const last = Math.max(1, ...lines.map((line) => Math.round(scale.viewStep(line, line.history.lastStep))));
  const { from, to } = view.range ?? { from: 0, to: last };
  const at = view.hovered ?? to;
  const stride = Math.max(1, Math.round((to - from) / 50));
  const moves: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => view.hover(Math.max(from, at - stride)),
    ArrowRight: () => view.hover(Math.min(to, at + stride)),
    Home: () => view.hover(from),
    End: () => view.hover(to),
    '+': () => zoom(0.5),
    '=': () => zoom(0.5),
    '-': () => zoom(2),
    Escape: () => view.show(null),
  };
  const zoom = (factor: number): void => {
    const half = Math.max(2, ((to - from) * factor) / 2);
    const next = { from: Math.max(0, Math.round(at - half)), to: Math.min(last, Math.round(at + half)) };
    view.show(next.from === 0 && next.to === last ? null : next);
  };
  const move = moves[event.key];
  if (!move) return;
  event.preventDefault();
  move();
}

function SaveIcon() {
  return (
    <svg viewBox="0 0 16 16" width="14" height="14" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden>
      <path d="M8 2v8M4.5 7 8 10.5 11.5 7M3 13.5h10" />
    </svg>
  );
}

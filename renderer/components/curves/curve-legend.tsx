/** @file The names of a chart's lines, each with its value under the crosshair, or its last one. */
import { Text, VisuallyHidden } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import { curvesWords } from '#renderer/words/curves.ts';
import classes from './curve-chart.module.css';
import { AxisScale } from './axis-scale.ts';
import type { CurveAxis, CurveLine } from './curve-line.ts';
import { formatMetric } from './format-metric.ts';
import type { LinkedView } from './linked-view.ts';

export interface CurveLegendProps {
  readonly lines: readonly CurveLine[];
  readonly view: LinkedView;
  readonly axis: CurveAxis;
  readonly smoothing: number;
}

export function CurveLegend({ lines, view, axis, smoothing }: CurveLegendProps) {
  const hovered = useSyncExternalStore(view.onHover, () => view.hovered);
  const scale = new AxisScale(axis, lines);
  useSyncExternalStore(
    (listener) => subscribeAll(lines, listener),
    () => lines.reduce((sum, { history }) => sum + history.version, 0),
  );
  return (
    <ul className={classes['legend']}>
      {hovered === null ? null : (
        <li>
          <Text span size="xs" c="dimmed">
            {scale.axis === 'step' ? curvesWords.atStep(hovered) : curvesWords.atEpoch(scale.toX(hovered))}
          </Text>
        </li>
      )}
      {lines.map((line) => (
        <LegendItem
          key={`${line.metric} ${line.label} ${line.colour}`}
          line={line}
          hovered={hovered === null ? null : scale.ownStep(line, hovered)}
          smoothing={smoothing}
          // Otherwise it would not fit in a line; the dashes say it, too.
          hidesLabel={line.dashed && lines.length > 2}
        />
      ))}
    </ul>
  );
}

interface LegendItemProps {
  readonly line: CurveLine;
  readonly hovered: number | null;
  readonly smoothing: number;
  readonly hidesLabel: boolean;
}

function LegendItem({ line, hovered, smoothing, hidesLabel }: LegendItemProps) {
  const column = line.history.column(line.metric);
  if (!column || column.length === 0) return null;
  const index = hovered === null ? column.length - 1 : column.indexAt(hovered);
  const value = index < 0 ? NaN : (column.values[index] ?? NaN);
  const smooth = index < 0 || line.dashed ? NaN : (column.smoothed(smoothing)[index] ?? NaN);
  return (
    <li>
      <span title={curvesWords.valueOf(line.metric, formatMetric(value), formatMetric(smooth))}>
        <span className={classes['swatch']} style={{ borderTopColor: line.colour, borderTopStyle: line.dashed ? 'dashed' : 'solid' }} />
        {hidesLabel ? <VisuallyHidden>{line.label}</VisuallyHidden> : line.label}
        <span className={classes['value']}>{formatMetric(value)}</span>
      </span>
    </li>
  );
}

function subscribeAll(lines: readonly CurveLine[], listener: () => void): () => void {
  const ends = [...new Set(lines.map(({ history }) => history))].map((history) => history.subscribe(listener));
  return () => ends.forEach((end) => end());
}

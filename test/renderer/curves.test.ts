/** @file What curves are made of before anything is drawn. */
import { describe, expect, it, test } from 'vitest';
import { AxisScale } from '#renderer/components/curves/axis-scale.ts';
import { Column } from '#renderer/components/curves/column.ts';
import { formatMetric } from '#renderer/components/curves/format-metric.ts';
import type { CurveLine } from '#renderer/components/curves/curve-line.ts';
import { LinkedView } from '#renderer/components/curves/linked-view.ts';
import { RunHistory } from '#renderer/components/curves/run-history.ts';
import { toCsv } from '#renderer/components/curves/save-curves.ts';
import { thinOut } from '#renderer/components/curves/thin-out.ts';
import { formatBytes, formatDuration } from '#renderer/components/format.ts';
import { pathOf } from '#renderer/features/train/sparkline.tsx';

function columnOf(values: readonly number[]): Column {
  const column = new Column();
  values.forEach((value, index) => column.append(index + 1, value));
  return column;
}

describe('a column', () => {
  it('keeps every value, however many, each step once', () => {
    const column = columnOf(Array.from({ length: 10_000 }, (_, index) => index / 7));
    column.append(10_000, 99);
    column.append(5, 99);
    expect(column.length).toBe(10_000);
    expect(column.values.at(-1)).toBe(9999 / 7);
    expect([column.indexAt(0), column.indexAt(1), column.indexAt(9999.5), column.indexAt(20_000)]).toEqual([-1, 0, 9998, 9999]);
  });

  it('is smoothed as TensorBoard does, and goes on from where it was', () => {
    const column = columnOf([1, 2, NaN, 4]);
    expect([...column.smoothed(0.5)]).toEqual([1, (0.5 * 0.5 + 0.5 * 2) / 0.75, NaN, (0.5 * (0.5 * 0.5 + 0.5 * 2) + 0.5 * 4) / 0.875]);
    column.append(5, 8);
    const grown = [...column.smoothed(0.5)];
    expect(grown).toEqual([...columnOf([1, 2, NaN, 4, 8]).smoothed(0.5)]);
    expect([...column.smoothed(0)]).toEqual([1, 2, NaN, 4, 8]);
  });

  it('is cut where a run goes on, and smoothed anew', () => {
    const column = columnOf([1, 2, 3, 4]);
    column.smoothed(0.9);
    column.cutAfter(2);
    column.append(3, 30);
    expect([...column.values]).toEqual([1, 2, 30]);
    expect([...column.smoothed(0.9)]).toEqual([...columnOf([1, 2, 30]).smoothed(0.9)]);
  });
});

describe('thinned out', () => {
  const toX = (step: number): number => step;

  it('few points stay as they are', () => {
    const { steps, values } = columnOf([3, 1, 2]);
    expect(thinOut({ steps, values, from: 0, to: 3, maxPoints: 10, toX })).toEqual([
      { x: 1, y: 3 },
      { x: 2, y: 1 },
      { x: 3, y: 2 },
    ]);
  });

  it('many are few, no spike and no gap is lost, and the order stays', () => {
    const values = Array.from({ length: 100_000 }, (_, index) => Math.sin(index / 1000));
    values[54_321] = 50;
    values[77_777] = -50;
    values[88_888] = NaN;
    const column = columnOf(values);
    const points = thinOut({ steps: column.steps, values: column.values, from: 0, to: 100_000, maxPoints: 1000, toX });
    expect(points.length).toBeLessThanOrEqual(1000);
    expect(points.length).toBeGreaterThan(500);
    expect(points).toContainEqual({ x: 54_322, y: 50 });
    expect(points).toContainEqual({ x: 77_778, y: -50 });
    expect(points.filter(({ y }) => Number.isNaN(y)).map(({ x }) => x)).toEqual([88_889]);
    expect([points[0]?.x, points.at(-1)?.x]).toEqual([1, 100_000]);
    expect(points.map(({ x }) => x)).toEqual(points.map(({ x }) => x).toSorted((a, b) => a - b));
  });
});

test('a history tells of changes and knows its epochs', () => {
  const history = new RunHistory();
  let changes = 0;
  const end = history.subscribe(() => changes++);
  history.addSeries([{ key: 'loss', steps: [1, 2], values: [0.5, null] }]);
  const { keys } = history;
  history.addSteps([{ step: 3, values: { loss: 0.25, epoch: 0.5 } }]);
  end();
  history.cutAfter(2);
  expect(changes).toBe(2);
  expect(keys).toEqual(['loss']);
  expect(history.keys).toEqual(['loss', 'epoch']);
  expect(history.stepsPerEpoch).toBe(6);
  expect([...(history.column('loss')?.values ?? [])]).toEqual([0.5, NaN]);
  expect(history.lastStep).toBe(2);
});

test('neighbours hear of the same step and range', () => {
  const view = new LinkedView();
  const heard: (number | null)[] = [];
  view.onHover(() => heard.push(view.hovered));
  view.hover(3);
  view.hover(3);
  view.hover(null);
  view.show({ from: 1, to: 2 });
  expect(heard).toEqual([3, null]);
  expect(view.range).toEqual({ from: 1, to: 2 });
});

test('numbers go to a file row by row, with holes where nothing was measured', () => {
  const history = new RunHistory();
  history.addSeries([
    { key: 'loss', steps: [1, 2, 3], values: [0.5, 0.25, null] },
    { key: 'a,b', steps: [2, 4], values: [1, 2] },
  ]);
  const line = { history, label: '', colour: '', dashed: false };
  expect(toCsv(['loss', 'a,b', 'gone'].map((metric) => ({ ...line, metric })))).toBe('step,loss,"a,b"\n1,0.5,\n2,0.25,1\n3,NaN,\n4,,2\n');
});

test.each([
  [NaN, '–'],
  [0, '0'],
  [0.00005, '5.00e-5'],
  [0.12345, '0.1235'],
  [12.345, '12.35'],
  [-123.45, '-123.5'],
  [12_345, '12,345'],
  [3e7, '3.00e7'],
])('%d is shown as %s', (value, text) => {
  expect(formatMetric(value)).toBe(text);
});

test('quantities are as short as they can be', () => {
  expect([0, 999, 1500, 3_400_000, 156_000_000, 1.25e9].map(formatBytes)).toEqual(['0 B', '999 B', '1.5 kB', '3.4 MB', '156 MB', '1.3 GB']);
  expect([400, 61_000, 3_720_000, 100 * 3_600_000].map(formatDuration)).toEqual(['0 s', '1 min 01 s', '1 h 02 min', '4 d 4 h']);
});

test('a sparkline has gaps where there is no number, and a flat one lies in the middle', () => {
  expect(pathOf([1, null, 0], 0, 1)).toBe('M2.0 2.0M94.0 20.0');
  expect(pathOf([1, 1], 1, 1)).toBe('M2.0 11.0L94.0 11.0');
});

describe('the axis of several runs', () => {
  /** Two runs over the same rows: one takes 30 steps an epoch, the other 15. */
  const lineOf = (stepsPerEpoch: number, run: string): CurveLine => {
    const history = new RunHistory();
    history.addSteps([{ step: 2 * stepsPerEpoch, values: { epoch: 2, loss: 0.5 } }]);
    return { history, metric: 'loss', label: run, colour: '', dashed: false, run };
  };
  const [kto, dpo] = [lineOf(30, 'KTO 1'), lineOf(15, 'DPO 1')];

  it('has both ends of two epochs in one place, counted in steps of the first run', () => {
    const scale = new AxisScale('epoch', [kto, dpo]);
    expect([scale.toX(60), scale.toStep(2)]).toEqual([2, 60]);
    expect([kto, dpo].map((line) => scale.viewStep(line, line.history.lastStep))).toEqual([60, 60]);
    expect([kto, dpo].map((line) => scale.ownStep(line, 30))).toEqual([30, 15]);
  });

  it('of steps leaves every run its own', () => {
    const scale = new AxisScale('step', [kto, dpo]);
    expect([kto, dpo].map((line) => scale.viewStep(line, line.history.lastStep))).toEqual([60, 30]);
    expect(scale.toX(7)).toBe(7);
  });

  it('counts steps as long as no epoch is known', () => {
    expect(new AxisScale('epoch', []).axis).toBe('step');
  });

  it('is saved with the name of each run', () => {
    expect(toCsv([kto, dpo]).split('\n').slice(0, 3)).toEqual(['step,KTO 1 loss,DPO 1 loss', '30,,0.5', '60,0.5,']);
  });
});

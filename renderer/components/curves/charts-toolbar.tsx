/** @file What applies to all charts of a screen: smoothing, axis, zoom, and every number as a file. */
import { Button, Group, SegmentedControl, Slider, Text } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import { curvesWords } from '#renderer/words/curves.ts';
import type { CurveAxis } from './curve-line.ts';
import type { LinkedView } from './linked-view.ts';

/** Weight of the past. */
export const DEFAULT_SMOOTHING = 0.6;

export interface ChartsToolbarProps {
  readonly smoothing: number;
  readonly setSmoothing: (weight: number) => void;
  readonly axis: CurveAxis;
  readonly setAxis: (axis: CurveAxis) => void;
  readonly view: LinkedView;
  readonly onSave: () => void;
}

export function ChartsToolbar({ smoothing, setSmoothing, axis, setAxis, view, onSave }: ChartsToolbarProps) {
  const words = curvesWords.toolbar;
  return (
    <Group justify="space-between" gap="md">
      <Group gap="md">
        <Group gap={8} wrap="nowrap">
          <Text size="sm" id="smoothing-label">
            {words.smoothing}
          </Text>
          <Slider
            w={140}
            size="sm"
            min={0}
            max={0.99}
            step={0.01}
            value={smoothing}
            onChange={setSmoothing}
            label={(value) => value.toFixed(2)}
            thumbProps={{ 'aria-labelledby': 'smoothing-label' }}
          />
          <Text size="sm" w={32} ff="monospace">
            {smoothing.toFixed(2)}
          </Text>
        </Group>
        <SegmentedControl
          size="xs"
          aria-label={words.axis}
          data={[
            { value: 'step', label: words.step },
            { value: 'epoch', label: words.epoch },
          ]}
          value={axis}
          onChange={(value) => setAxis(value)}
        />
        <ZoomOut view={view} />
      </Group>
      <Button variant="subtle" color="gray" size="compact-sm" onClick={onSave}>
        {words.saveAll}
      </Button>
    </Group>
  );
}

function ZoomOut({ view }: { readonly view: LinkedView }) {
  const range = useSyncExternalStore(view.onRange, () => view.range);
  return (
    <Button variant="default" size="compact-sm" disabled={range === null} onClick={() => view.show(null)}>
      {curvesWords.toolbar.zoomOut}
    </Button>
  );
}

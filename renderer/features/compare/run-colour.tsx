/** @file The colour of a run, the same in every table and chart of the page. */
import { Group, Text, useComputedColorScheme } from '@mantine/core';
import { lineColour } from '#renderer/components/curves/chart-colours.ts';
import classes from './compare.module.css';

/** A chosen run, in its place among the chosen ones. */
export interface ChosenRun {
  readonly id: number;
  readonly name: string;
}

export function RunDot({ place }: { readonly place: number }) {
  const scheme = useComputedColorScheme('light');
  return <span className={classes['dot']} style={{ background: lineColour(place, scheme) }} aria-hidden />;
}

export function RunName({ name, place }: { readonly name: string; readonly place: number }) {
  return (
    <Group gap={6} wrap="nowrap" component="span">
      <RunDot place={place} />
      <Text span inherit fw={600}>
        {name}
      </Text>
    </Group>
  );
}

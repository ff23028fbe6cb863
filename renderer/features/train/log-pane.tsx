/** @file What a run said, newest at the bottom, and kept in sight unless a person has scrolled up. */
import { Paper, ScrollArea, Stack, Text, Title } from '@mantine/core';
import { memo, useEffect, useRef } from 'react';
import type { LogLine } from '#contract/run-progress.ts';
import { formatClock } from '#renderer/components/format.ts';
import { trainWords } from '#renderer/words/train.ts';
import classes from './train.module.css';

const HEIGHT = 180;
const NEAR_THE_END = 40;

export const LogPane = memo(function LogPane({ lines, isLoading }: { readonly lines: readonly LogLine[]; readonly isLoading: boolean }) {
  const viewport = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  useEffect(() => {
    const box = viewport.current;
    if (box && follows.current) box.scrollTop = box.scrollHeight;
  }, [lines.length]);
  const onScroll = (): void => {
    const box = viewport.current;
    if (box) follows.current = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_THE_END;
  };
  return (
    <Stack gap="xs" component="section" aria-label={trainWords.log.title}>
      <Title order={3} size="h6">
        {trainWords.log.title}
      </Title>
      <Paper withBorder p="xs">
        <ScrollArea.Autosize
          mah={HEIGHT}
          viewportRef={viewport}
          onScrollPositionChange={onScroll}
          viewportProps={{ tabIndex: 0, role: 'log', 'aria-label': trainWords.log.title }}
        >
          {lines.length === 0 ? (
            <Text size="sm" c="dimmed">
              {isLoading ? `${trainWords.log.loading}…` : trainWords.log.empty}
            </Text>
          ) : (
            <div className={classes['log']}>
              {lines.map(({ at, kind, text }, index) => (
                // Lines are only ever added at the end.
                <div key={index} data-kind={kind}>
                  <time>{formatClock(at)}</time>
                  {text}
                </div>
              ))}
            </div>
          )}
        </ScrollArea.Autosize>
      </Paper>
    </Stack>
  );
});

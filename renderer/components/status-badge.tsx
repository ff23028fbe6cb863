/** @file The state of a run in one word. */
import { Badge } from '@mantine/core';
import type { RunStatus } from '#contract/runs.ts';
import { trainWords } from '#renderer/words/train.ts';

const COLOURS = {
  queued: 'gray',
  running: 'prospect',
  paused: 'gray',
  interrupted: 'orange',
  stopped: 'gray',
  completed: 'prospect',
  failed: 'red',
} as const satisfies Record<RunStatus, string>;

export function StatusBadge({ status }: { readonly status: RunStatus }) {
  return (
    <Badge
      variant={status === 'running' ? 'filled' : 'default'}
      color={COLOURS[status]}
      tt="none"
      fw={500}
      flex="none"
      miw="max-content"
      leftSection={<Dot status={status} />}
    >
      {trainWords.statuses[status]}
    </Badge>
  );
}

function Dot({ status }: { readonly status: RunStatus }) {
  const colour = status === 'running' ? 'currentColor' : `var(--mantine-color-${COLOURS[status]}-6)`;
  return <span aria-hidden style={{ display: 'inline-block', width: 7, height: 7, borderRadius: '50%', background: colour }} />;
}

/** @file Whether an adapter changes what the base model says: asked of llama.cpp when its pane opens. */
import { Text, Tooltip } from '@mantine/core';
import type { OpenPlayground } from '#contract/playground.ts';
import { useRequest } from '#renderer/api/hooks.ts';
import { chatWords } from '#renderer/words/chat.ts';

const words = chatWords.panes;

export interface PaneCheckProps {
  readonly projectId: number;
  readonly adapterId: number;
  readonly open: OpenPlayground;
}

export function PaneCheck({ projectId, adapterId }: PaneCheckProps) {
  const { data, error } = useRequest('playground.check', { projectId, adapterId });
  if (error) {
    return (
      <Text size="xs" c="var(--mantine-color-error)" role="alert">
        {error.message}
      </Text>
    );
  }
  if (!data) {
    return (
      <Text size="xs" c="dimmed">
        {words.checking}
      </Text>
    );
  }
  const { changes, largestGap, tokens } = data;
  const isFine = changes === 'something';
  const about = changes === 'nothing' ? words.nothingNote(tokens) : words.gap(largestGap, tokens);
  return (
    <Tooltip label={about} multiline maw={320}>
      {/* Said in full to those who can't point at it. */}
      <Text size="xs" c={isFine ? 'dimmed' : 'var(--prospect-caution)'} fw={isFine ? 400 : 600} tabIndex={0} aria-description={about}>
        {isFine ? words.something : changes === 'nothing' ? words.nothing : words.hardly}
      </Text>
    </Tooltip>
  );
}

/** @file One probe prompt: its text, its place, and how it is removed. */
import { ActionIcon, Group, Textarea } from '@mantine/core';
import { settingsWords } from '#renderer/words/settings.ts';

const words = settingsWords.probes;

export interface ProbeInputProps {
  /** From 1. */
  readonly number: number;
  readonly text: string;
  readonly isLast: boolean;
  readonly onChange: (text: string) => void;
  /** @param by - -1 is up, 1 is down */
  readonly onMove: (by: 1 | -1) => void;
  readonly onRemove: () => void;
}

export function ProbeInput({ number, text, isLast, onChange, onMove, onRemove }: ProbeInputProps) {
  return (
    <Group gap={4} wrap="nowrap" align="flex-start">
      <Textarea
        flex={1}
        size="sm"
        autosize
        minRows={1}
        maxRows={5}
        aria-label={words.prompt(number)}
        placeholder={words.placeholder}
        // One that was just added is written at once.
        autoFocus={text === ''}
        value={text}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      />
      <ActionIcon variant="default" size="lg" aria-label={words.up(number)} disabled={number === 1} onClick={() => onMove(-1)}>
        ↑
      </ActionIcon>
      <ActionIcon variant="default" size="lg" aria-label={words.down(number)} disabled={isLast} onClick={() => onMove(1)}>
        ↓
      </ActionIcon>
      <ActionIcon variant="default" size="lg" aria-label={words.remove(number)} onClick={onRemove}>
        ×
      </ActionIcon>
    </Group>
  );
}

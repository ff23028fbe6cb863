/** @file What blind votes came to, and how they become rows of a dataset. */
import { Alert, Button, Group, SegmentedControl, Stack, Text, TextInput, useComputedColorScheme } from '@mantine/core';
import { useState } from 'react';
import type { Tally } from '#contract/comparisons.ts';
import type { DatasetKind } from '#contract/datasets.ts';
import { useSend } from '#renderer/api/hooks.ts';
import { lineColour } from '#renderer/components/curves/chart-colours.ts';
import { Problem } from '#renderer/components/problem.tsx';
import { compareWords } from '#renderer/words/compare.ts';
import classes from './compare.module.css';
import type { Rivals } from './rivals.ts';

const words = compareWords.votes;

export interface VotesTallyProps {
  readonly contest: { readonly projectId: number; readonly firstId: number; readonly secondId: number | null };
  readonly rivals: Rivals;
  readonly tally: Tally;
}

export function VotesTally(props: VotesTallyProps) {
  const { rivals, tally } = props;
  const scheme = useComputedColorScheme('light');
  const { firstWins, equal, secondWins } = tally;
  const [, second] = rivals.places;
  const parts = [
    { label: words.wins(rivals.names[0], firstWins), count: firstWins, colour: lineColour(rivals.places[0], scheme) },
    { label: words.equals(equal), count: equal, colour: 'var(--mantine-color-gray-5)' },
    {
      label: words.wins(rivals.names[1], secondWins),
      count: secondWins,
      colour: second === null ? 'var(--mantine-color-dimmed)' : lineColour(second, scheme),
    },
  ];
  return (
    <Stack gap="sm" role="group" aria-label={words.tally}>
      <div className={classes['bar']} aria-hidden>
        {parts.map(({ label, count, colour }) => (
          <span key={label} style={{ flexGrow: count, background: colour }} />
        ))}
      </div>
      <Group justify="space-between" gap="sm">
        {parts.map(({ label, colour }) => (
          <Group key={label} gap={6}>
            <span className={classes['dot']} style={{ background: colour }} aria-hidden />
            <Text size="sm">{label}</Text>
          </Group>
        ))}
      </Group>
      <Alert color="gray" variant="light" role="note" p="sm">
        {tally.text}
      </Alert>
      <SaveVotes {...props} />
    </Stack>
  );
}

function SaveVotes({ contest, tally: { unsaved } }: VotesTallyProps) {
  const [kind, setKind] = useState<DatasetKind>('pair');
  const [typed, setTyped] = useState<string | null>(null);
  const save = useSend('comparisons.saveVotes');
  const name = typed ?? words.names[kind];
  const saved = save.data;
  return (
    <Stack gap="xs">
      <Text size="sm">{unsaved[kind] === 0 ? words.savedAll : words.saveNote(unsaved[kind])}</Text>
      <Group align="flex-end" gap="sm">
        <SegmentedControl
          size="xs"
          aria-label={words.as}
          data={(['pair', 'example'] as const).map((value) => ({ value, label: words.kinds[value] }))}
          value={kind}
          onChange={(value) => {
            setKind(value);
            save.reset();
          }}
        />
        <TextInput size="xs" label={words.name} value={name} onChange={({ currentTarget }) => setTyped(currentTarget.value)} />
        <Button
          size="xs"
          disabled={unsaved[kind] === 0 || name.trim() === ''}
          loading={save.isPending}
          onClick={() => save.mutate({ ...contest, kind, name: name.trim() })}
        >
          {words.save}
        </Button>
      </Group>
      {save.error ? <Problem error={save.error} /> : null}
      {saved ? (
        <Text size="sm" role="status">
          {words.saved(saved.rows, save.variables.name, saved.version.number)}
        </Text>
      ) : null}
    </Stack>
  );
}

/** @file Which prompts are held out: how many, by which seed, and what came of it. */
import { Button, Checkbox, Group, NumberInput, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { Dataset } from '#contract/datasets.ts';
import type { MadeSplit, Split } from '#contract/pairs.ts';
import { useRequest } from '#renderer/api/hooks.ts';
import { useTask } from '#renderer/api/use-task.ts';
import { Problem } from '#renderer/components/problem.tsx';
import { formatPercent } from '#renderer/words/numbers.ts';
import { pairsWords } from '#renderer/words/pairs.ts';
import classes from './pairs.module.css';
import { Section } from '#renderer/components/section.tsx';

const words = pairsWords.split;

export interface SplitSectionProps {
  readonly projectId: number;
  readonly dataset: Dataset;
  /** Of this version, if it is chosen for training. */
  readonly splitId: number | null;
}

export function SplitSection({ projectId, dataset: { version }, splitId }: SplitSectionProps) {
  const [percent, setPercent] = useState(10);
  const [seed, setSeed] = useState(42);
  const [keepNearTogether, setKeepNearTogether] = useState(true);
  const [made, setMade] = useState<MadeSplit | null>(null);
  const split = useTask('pairs.split');
  const make = async (): Promise<void> => {
    const result = await split.start({ projectId, versionId: version.id, ratio: percent / 100, seed, keepNearTogether });
    if (result) setMade(result);
  };
  return (
    <Section title={words.title} about={words.about}>
      <Group align="end" gap="sm">
        <NumberInput
          label={words.ratio}
          size="xs"
          w={150}
          min={0}
          max={90}
          suffix=" %"
          value={percent}
          onChange={(value) => setPercent(Number(value))}
        />
        <NumberInput
          label={words.seed}
          size="xs"
          w={110}
          min={0}
          allowDecimal={false}
          value={seed}
          onChange={(value) => setSeed(Number(value))}
        />
        <Checkbox
          size="xs"
          mb={6}
          label={words.near}
          checked={keepNearTogether}
          onChange={({ currentTarget }) => setKeepNearTogether(currentTarget.checked)}
        />
        <Button size="xs" ml="auto" loading={split.isRunning} onClick={() => void make()}>
          {splitId === null ? words.make : words.again}
        </Button>
      </Group>
      {split.error ? <Problem error={split.error} /> : null}
      {splitId === null ? <Text size="sm">{words.none}</Text> : <Kept splitId={splitId} made={made?.id === splitId ? made : null} />}
    </Section>
  );
}

function Kept({ splitId, made }: { readonly splitId: number; readonly made: MadeSplit | null }) {
  const split = useRequest('pairs.getSplit', { splitId });
  if (split.isError) return <Problem error={split.error} />;
  if (!split.data) return null;
  return <Sizes split={split.data} made={made} />;
}

function Sizes({ split, made }: { readonly split: Split; readonly made: MadeSplit | null }) {
  const sides = [
    { key: 'train', title: words.train, rows: split.trainCount, size: made?.train },
    { key: 'heldOut', title: words.heldOut, rows: split.heldOutCount, size: made?.heldOut },
    { key: 'leftOut', title: words.leftOut, rows: split.leftOutCount, size: made?.leftOut },
  ].filter(({ key, rows }) => key !== 'leftOut' || rows > 0);
  const all = sides.reduce((sum, { rows }) => sum + rows, 0);
  return (
    <Stack gap="xs">
      <div
        className={classes.bar}
        role="img"
        aria-label={`${words.sizes}: ${sides.map(({ title, rows }) => `${title} ${words.rows(rows)}`).join(', ')}`}
      >
        {sides.map(({ key, rows }) => (
          <div key={key} className={classes[key]} style={{ width: `${(rows / Math.max(1, all)) * 100}%` }} />
        ))}
      </div>
      <Group gap="xl">
        {sides.map(({ key, title, rows, size }) => (
          <Stack gap={0} key={key}>
            <Text size="sm" fw={500}>
              {title}: {words.rows(rows)} ({formatPercent(rows / Math.max(1, all))})
            </Text>
            {size ? (
              <Text size="xs" c="dimmed">
                {words.prompts(size.prompts)}
                {size.desirable + size.undesirable > 0 ? ` · ${words.sideLabels(size.desirable, size.undesirable)}` : ''}
              </Text>
            ) : null}
          </Stack>
        ))}
        <Text size="xs" c="dimmed">
          {words.made(split.ratio, split.seed)}
        </Text>
      </Group>
      {made ? <Near made={made} /> : null}
    </Stack>
  );
}

function Near({ made: { nearIdenticalPrompts, nearPrompts, keptSides } }: { readonly made: MadeSplit }) {
  return (
    <>
      {keptSides ? <Text size="sm">{words.keptSides}</Text> : null}
      {nearIdenticalPrompts > 0 ? <Text size="sm">{words.nearFound(nearIdenticalPrompts)}</Text> : null}
      {nearPrompts.map(({ first, second }) => (
        <Text size="xs" c="dimmed" key={`${first} ${second}`} lineClamp={1}>
          {first} ≈ {second}
        </Text>
      ))}
    </>
  );
}

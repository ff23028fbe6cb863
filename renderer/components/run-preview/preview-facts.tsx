/** @file A plan in numbers: how much work, how much memory of what is free, how long. */
import { Alert, Progress, Stack, Text } from '@mantine/core';
import type { RunPreview } from '#contract/settings.ts';
import { formatCount } from '#renderer/words/numbers.ts';
import { settingsWords } from '#renderer/words/settings.ts';
import { EngineFact } from './engine-fact.tsx';
import classes from './run-preview.module.css';

const words = settingsWords.preview;
const COLOURS = { weights: 'prospect.9', activations: 'blue.7', adapter: 'grape.7', rows: 'yellow.8', runtime: 'gray.6' } as const;
type Part = keyof typeof COLOURS;

export function PreviewFacts({ preview }: { readonly preview: RunPreview }) {
  const { memory, freeBytes, fits, diskBytes, freeDiskBytes, seconds } = preview;
  return (
    <Stack gap="xs">
      <dl className={classes['facts']}>
        {factsOf(preview).map(([label, value]) => (
          <Fact key={label} label={label} value={value} />
        ))}
        <EngineFact computesOn={preview.computesOn} />
        <Fact label={words.memory} value={words.memoryOf(memory.total, freeBytes)} />
      </dl>
      <MemoryBar preview={preview} />
      {preview.engineNotes.map((note) => (
        <Text key={note} size="xs" c="var(--prospect-caution)" role="note">
          {note}
        </Text>
      ))}
      {fits ? null : (
        <Alert color="red" p="xs">
          {words.tight}
        </Alert>
      )}
      <dl className={classes['facts']}>
        <Fact label={words.disk} value={words.diskOf(diskBytes, freeDiskBytes)} />
        <Fact label={words.time} value={seconds === null ? words.notMeasured : words.timeOf(seconds.total)} isLoud />
      </dl>
      {seconds === null ? null : (
        <Text size="xs" c="dimmed">
          {words.timeParts(seconds.step, seconds.references)}
        </Text>
      )}
    </Stack>
  );
}

function Fact({ label, value, isLoud = false }: { readonly label: string; readonly value: string; readonly isLoud?: boolean }) {
  return (
    <>
      <Text component="dt" size="sm" c="dimmed">
        {label}
      </Text>
      <Text component="dd" size="sm" fw={isLoud ? 600 : 400}>
        {value}
      </Text>
    </>
  );
}

function MemoryBar({ preview: { memory, freeBytes } }: { readonly preview: RunPreview }) {
  const whole = Math.max(freeBytes, memory.total);
  const parts = (Object.keys(COLOURS) as Part[]).filter((part) => memory[part] > 0);
  return (
    <Progress.Root size="sm" aria-label={words.memoryOf(memory.total, freeBytes)}>
      {parts.map((part) => (
        <Progress.Section
          key={part}
          value={(100 * memory[part]) / whole}
          color={COLOURS[part]}
          aria-label={words.part(words.memoryParts[part], memory[part])}
          title={words.part(words.memoryParts[part], memory[part])}
        />
      ))}
    </Progress.Root>
  );
}

function factsOf(preview: RunPreview): [string, string][] {
  const { steps, epochs, trainRows, batchSize, gradientAccumulationSteps, longestRowTokens, learningRate, trainableParameters } = preview;
  return [
    [words.steps, words.stepsOf(steps, epochs)],
    [words.rows, formatCount(trainRows)],
    [words.batch, words.batchOf(batchSize, gradientAccumulationSteps)],
    [words.longest, words.longestOf(longestRowTokens)],
    [words.rate, words.rateOf(learningRate)],
    [words.adapter, words.adapterOf(trainableParameters)],
  ];
}

/** @file What the model answered to the probe prompts, at the step that is chosen, beside what it said before training. */
import { Group, Paper, SimpleGrid, Slider, Stack, Text, Title } from '@mantine/core';
import { memo, useState } from 'react';
import type { RunSample } from '#contract/run-progress.ts';
import { trainWords } from '#renderer/words/train.ts';
import classes from './train.module.css';

/** @param samples - by step; at least one */
export const SamplesPanel = memo(function SamplesPanel({ samples }: { readonly samples: readonly RunSample[] }) {
  const words = trainWords.samples;
  const steps = [...new Set(samples.map(({ step }) => step))];
  const [chosen, choose] = useState<number | null>(null);
  const last = steps.length - 1;
  const index = chosen === null ? last : Math.min(chosen, last);
  const step = steps[index] ?? 0;
  const first = samples.filter((sample) => sample.step === 0);
  const answers = samples.filter((sample) => sample.step === step);
  return (
    <Stack gap="xs" component="section" aria-label={words.title}>
      <Group justify="space-between">
        <Title order={3} size="h6">
          {words.title}
        </Title>
        <Group gap="sm" wrap="nowrap">
          <Text size="sm">{words.step(step)}</Text>
          {last > 0 ? (
            <Slider
              w={200}
              size="sm"
              min={0}
              max={last}
              step={1}
              value={index}
              // At the end it follows what is new.
              onChange={(value) => choose(value === last ? null : value)}
              label={(value) => words.step(steps[value] ?? 0)}
              thumbLabel={words.slider}
            />
          ) : null}
        </Group>
      </Group>
      {answers.map(({ prompt, answer }) => {
        const before = step === 0 ? undefined : first.find((sample) => sample.prompt === prompt)?.answer;
        return <Answer key={prompt} step={step} prompt={prompt} answer={answer} before={before} />;
      })}
    </Stack>
  );
});

interface AnswerProps extends RunSample {
  /** What it answered before training. */
  readonly before: string | undefined;
}

function Answer({ step, prompt, answer, before }: AnswerProps) {
  const words = trainWords.samples;
  const said = [...(before === undefined ? [] : [{ when: words.before, text: before }]), { when: words.step(step), text: answer }];
  return (
    <Paper withBorder p="xs">
      <Text size="sm" c="dimmed" className={classes['answer']} mb={4}>
        {prompt}
      </Text>
      <SimpleGrid cols={said.length} spacing="md">
        {said.map(({ when, text }) => (
          <div key={when}>
            {said.length > 1 ? (
              <Text size="xs" c="dimmed">
                {when}
              </Text>
            ) : null}
            <Text size="sm" className={classes['answer']}>
              {text}
            </Text>
          </div>
        ))}
      </SimpleGrid>
    </Paper>
  );
}

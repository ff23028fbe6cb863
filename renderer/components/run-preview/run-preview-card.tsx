/** @file What the next run will need, beside the screen where it is set up, and the button that starts it or names what is missing. */
import { Loader, Paper, Stack, Text, Title } from '@mantine/core';
import type { Choices, Methods } from '#contract/choices.ts';
import type { SettingsCheck } from '#contract/settings.ts';
import { useRequest, useRequestOf } from '#renderer/api/hooks.ts';
import { Problem } from '#renderer/components/problem.tsx';
import { settingsWords } from '#renderer/words/settings.ts';
import { PreviewFacts } from './preview-facts.tsx';
import classes from './run-preview.module.css';
import { StartButton, type StartButtonProps } from './start-button.tsx';

const words = settingsWords.preview;

export interface RunPreviewCardProps extends StartButtonProps {
  readonly choices: Choices;
}

export function RunPreviewCard({ choices, ...start }: RunPreviewCardProps) {
  const { projectId, next } = start;
  const { methods, check } = next;
  const title = methods.length > 1 ? words.both : words.title;
  return (
    <Paper withBorder p="md" component="aside" aria-label={title} className={classes['card']}>
      <Stack gap="md">
        <Title order={2} size="h5">
          {title}
        </Title>
        {methods.map((method) => (
          <Preview key={method} {...{ projectId, choices, method, check }} hasTitle={methods.length > 1} />
        ))}
        <StartButton {...start} choices={choices} />
      </Stack>
    </Paper>
  );
}

interface PreviewProps {
  readonly projectId: number;
  readonly choices: Choices;
  readonly method: Methods[number];
  readonly hasTitle: boolean;
  readonly check: SettingsCheck | null;
}

/** The last plan stays in sight while the next is made. */
function Preview({ projectId, choices, method, hasTitle, check }: PreviewProps) {
  // Another engine, or another speed of it, is another plan.
  const engines = useRequest('engines.list');
  // A step can't be measured beside a run, so it is measured when that has ended.
  const runs = useRequest('runs.list', { projectId });
  const isBusy = runs.data?.some(({ status }) => status === 'running') ?? false;
  const preview = useRequestOf('settings.preview', {
    input: { projectId, method },
    // What a run is asked changes nothing of its plan.
    dependsOn: [{ ...choices, probePrompts: null }, engines.data?.chosen ?? null, engines.data?.fastest ?? null, isBusy],
  });
  // One that another question ended says nothing; nor does one about settings that can't be.
  const error = preview.error?.code === 'cancelled' || preview.isFetching || check?.problem !== null ? null : preview.error;
  return (
    <Stack gap="xs" component="section" aria-label={settingsWords.method[method]} aria-busy={preview.isFetching}>
      {hasTitle ? <Text fw={600}>{settingsWords.method[method]}</Text> : null}
      {preview.data ? <PreviewFacts preview={preview.data} /> : null}
      {preview.data === null && !preview.isFetching ? (
        <Text size="sm" c="dimmed">
          {words.needs}
        </Text>
      ) : null}
      {error ? <Problem error={error} /> : null}
      {preview.isFetching ? (
        <Text size="xs" c="dimmed" role="status">
          <Loader size={10} mr={6} aria-hidden />
          {words.measuring}…
        </Text>
      ) : null}
    </Stack>
  );
}

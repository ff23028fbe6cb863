/** @file What the next run will need, and the button that starts it or names what is missing. */
import { Loader, Paper, Stack, Text, Title } from '@mantine/core';
import type { Choices, Methods } from '#contract/choices.ts';
import { useRequestOf } from '#renderer/api/hooks.ts';
import { Problem } from '#renderer/components/problem.tsx';
import type { StepScreenProps } from '#renderer/components/step-screen.ts';
import { settingsWords } from '#renderer/words/settings.ts';
import { PreviewFacts } from './preview-facts.tsx';
import { StartButton } from './start-button.tsx';
import type { SettingsDraft } from './use-settings-draft.ts';

const words = settingsWords.preview;

export interface RunPreviewCardProps {
  readonly projectId: number;
  readonly choices: Choices;
  readonly draft: SettingsDraft;
  readonly goTo: StepScreenProps['goTo'];
}

export function RunPreviewCard({ projectId, choices, draft, goTo }: RunPreviewCardProps) {
  const { methods } = draft;
  return (
    <Paper withBorder p="md" component="aside" aria-label={methods.length > 1 ? words.both : words.title}>
      <Stack gap="md">
        <Title order={2} size="h5">
          {methods.length > 1 ? words.both : words.title}
        </Title>
        {methods.map((method) => (
          <Preview
            key={method}
            projectId={projectId}
            choices={choices}
            method={method}
            hasTitle={methods.length > 1}
            canBe={draft.check?.problem === null}
          />
        ))}
        <StartButton projectId={projectId} choices={choices} draft={draft} goTo={goTo} />
      </Stack>
    </Paper>
  );
}

interface PreviewProps {
  readonly projectId: number;
  readonly choices: Choices;
  readonly method: Methods[number];
  readonly hasTitle: boolean;
  /** The settings can work. */
  readonly canBe: boolean;
}

/** The last plan stays in sight while the next is made. */
function Preview({ projectId, choices, method, hasTitle, canBe }: PreviewProps) {
  const preview = useRequestOf('settings.preview', { input: { projectId, method }, dependsOn: choices });
  // One that another question ended says nothing.
  const error = preview.error?.code === 'cancelled' || preview.isFetching || !canBe ? null : preview.error;
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

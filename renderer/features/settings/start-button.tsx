/** @file Starts the run, or names what is missing and leads there. */
import { Button, Stack, Text } from '@mantine/core';
import type { Choices } from '#contract/choices.ts';
import type { StepName } from '#contract/steps.ts';
import { useRequest, useSend } from '#renderer/api/hooks.ts';
import { Problem } from '#renderer/components/problem.tsx';
import { settingsWords } from '#renderer/words/settings.ts';
import type { SettingsDraft } from './use-settings-draft.ts';

const words = settingsWords.start;

export interface StartButtonProps {
  readonly projectId: number;
  readonly choices: Choices;
  readonly draft: SettingsDraft;
  readonly goTo: (name: StepName) => void;
}

export function StartButton({ projectId, choices, draft, goTo }: StartButtonProps) {
  const steps = useRequest('steps.list', { projectId });
  const create = useSend('runs.create');
  const { data, modelFolder, adapterId } = choices;
  const { methods, settings, check } = draft;
  const train = steps.data?.find(({ name }) => name === 'train');
  if (train?.state === 'blocked' && (train.first === 'data' || train.first === 'model')) {
    const { first } = train;
    return (
      <Button variant="light" onClick={() => goTo(first)}>
        {words[first]}
      </Button>
    );
  }
  if (check?.problem) {
    return (
      <Stack gap={4}>
        <Button disabled>{words.settings}</Button>
        <Text size="xs" c="dimmed">
          {words.settingsAbout(check.problem.field)}
        </Text>
      </Stack>
    );
  }
  const start = (): void => {
    if (modelFolder === null) return;
    create.mutate({ projectId, methods: [...methods], settings, modelFolder, adapterId, data }, { onSuccess: () => goTo('train') });
  };
  return (
    <Stack gap="xs">
      <Button onClick={start} loading={create.isPending} disabled={!train || check === null}>
        {methods.length > 1 ? words.two : words.one}
      </Button>
      {create.error ? <Problem error={create.error} /> : null}
    </Stack>
  );
}

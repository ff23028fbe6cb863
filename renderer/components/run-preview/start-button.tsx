/** @file Starts the run, or names what is missing and leads there. */
import { Button, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { Choices, GivenSettings, Methods } from '#contract/choices.ts';
import type { RunSummary } from '#contract/runs.ts';
import type { SettingsCheck } from '#contract/settings.ts';
import type { StepName } from '#contract/steps.ts';
import { useRequest, useSend } from '#renderer/api/hooks.ts';
import { Problem } from '#renderer/components/problem.tsx';
import { settingsWords } from '#renderer/words/settings.ts';

const words = settingsWords.start;

export interface StartButtonProps {
  readonly projectId: number;
  readonly choices: Pick<Choices, 'data' | 'modelFolder' | 'adapterId' | 'probePrompts'>;
  /** What is chosen or edited; `check` is null until main has looked at it. */
  readonly next: {
    readonly methods: Methods;
    readonly settings: GivenSettings;
    readonly check: SettingsCheck | null;
  };
  readonly goTo: (name: StepName) => void;
  /** The settings themselves are in sight, so that nothing leads to them. */
  readonly isAtSettings?: boolean;
  /** @param first - of the runs that were begun */
  readonly onStarted: (first: RunSummary) => void;
}

export function StartButton({ projectId, choices, next, goTo, isAtSettings = false, onStarted }: StartButtonProps) {
  const steps = useRequest('steps.list', { projectId });
  const create = useSend('runs.create');
  const queries = useQueryClient();
  const { data, modelFolder, adapterId, probePrompts } = choices;
  const { methods, settings, check } = next;
  const train = steps.data?.find(({ name }) => name === 'train');
  const first = train?.state === 'blocked' ? train.first : modelFolder === null ? 'model' : null;
  if (first === 'data' || first === 'model') {
    return (
      <Button variant="light" onClick={() => goTo(first)}>
        {words[first]}
      </Button>
    );
  }
  if (check?.problem) {
    return (
      <Stack gap={4}>
        <Button variant="light" disabled={isAtSettings} onClick={() => goTo('settings')}>
          {words.settings}
        </Button>
        <Text size="xs" c="dimmed">
          {words.settingsAbout(check.problem.field)}
        </Text>
      </Stack>
    );
  }
  const start = (): void => {
    if (modelFolder === null) return;
    create.mutate(
      { projectId, methods: [...methods], settings, modelFolder, adapterId, probePrompts, data },
      {
        onSuccess(created) {
          // The list is asked for again; until then the screen must know the runs that it is about to show.
          queries.setQueryData<RunSummary[]>(['runs.list', { projectId }], (known = []) => [...created.toReversed(), ...known]);
          if (created[0]) onStarted(created[0]);
        },
      },
    );
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

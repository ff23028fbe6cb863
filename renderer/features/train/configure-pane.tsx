/** @file What is about to be trained, and beside it what that will need and the button that starts it. */
import { Anchor, Group, Paper, Stack, Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Choices } from '#contract/choices.ts';
import type { RunSummary } from '#contract/runs.ts';
import type { StepName } from '#contract/steps.ts';
import { useRequest } from '#renderer/api/hooks.ts';
import { Loading } from '#renderer/components/loading.tsx';
import { MethodChoice } from '#renderer/components/method-choice.tsx';
import { Problem } from '#renderer/components/problem.tsx';
import { RunPreviewCard } from '#renderer/components/run-preview/run-preview-card.tsx';
import { useSetChoices } from '#renderer/components/use-set-choices.ts';
import { trainWords } from '#renderer/words/train.ts';

export interface ConfigurePaneProps {
  readonly projectId: number;
  /** The run that is under way in this project, if any. */
  readonly underWay: RunSummary | null;
  readonly goTo: (step: StepName) => void;
  readonly onStarted: (runId: number) => void;
}

export function ConfigurePane(props: ConfigurePaneProps) {
  const choices = useRequest('choices.get', { projectId: props.projectId });
  if (choices.isError) return <Problem error={choices.error} />;
  if (choices.isPending) return <Loading what={trainWords.configure.loading} height={120} />;
  return <Configuration {...props} choices={choices.data} />;
}

function Configuration({ projectId, underWay, goTo, onStarted, choices }: ConfigurePaneProps & { readonly choices: Choices }) {
  const words = trainWords.configure;
  const { methods, settings } = choices;
  const check = useRequest('settings.check', { projectId, methods, settings });
  const kept = useSetChoices(projectId);
  const error = check.error ?? kept.error;
  return (
    <Group align="flex-start" gap="lg" wrap="nowrap">
      <Stack gap="md" flex={1} miw={0}>
        <Chosen projectId={projectId} choices={choices} goTo={goTo} />
        <MethodChoice methods={methods} onChoose={(next) => kept.set({ methods: next })} />
        {error ? <Problem error={error} /> : null}
        {underWay ? (
          <Text size="sm" c="dimmed">
            {words.queueNote(underWay.name)}
          </Text>
        ) : null}
      </Stack>
      <RunPreviewCard
        projectId={projectId}
        choices={choices}
        next={{ methods, settings, check: check.data ?? null }}
        goTo={goTo}
        onStarted={({ id }) => onStarted(id)}
      />
    </Group>
  );
}

interface ChosenProps extends Pick<ConfigurePaneProps, 'projectId' | 'goTo'> {
  readonly choices: Choices;
}

function Chosen({ projectId, choices: { modelFolder, adapterId, data, settings }, goTo }: ChosenProps) {
  const words = trainWords.configure;
  const adapters = useRequest('adapters.list', { projectId });
  const adapterName = adapters.data?.find(({ id }) => id === adapterId)?.name;
  const changed = Object.keys(settings).length;
  return (
    <Paper withBorder p="sm">
      <Table withRowBorders={false} verticalSpacing={4}>
        <Table.Tbody>
          <Fact label={words.model} step="model" goTo={goTo}>
            {modelFolder === null ? words.noModel : lastPart(modelFolder)}
            <Text size="xs" c="dimmed">
              {modelFolder}
            </Text>
          </Fact>
          <Fact label={words.data} step="pairs" goTo={goTo}>
            {data === null ? words.newestRows : data.splitId === null ? words.wholeVersion : words.split}
          </Fact>
          <Fact label={words.settings} step="settings" goTo={goTo}>
            {changed === 0 ? words.defaults : words.changed(changed)}
          </Fact>
          {adapterId === null ? null : (
            <Fact label={words.beginsWith} step="settings" goTo={goTo}>
              {adapterName === undefined ? words.goneAdapter : words.goesOnFrom(adapterName)}
            </Fact>
          )}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}

/** Of a path of either kind. */
function lastPart(path: string): string {
  return path.split(/[/\\]/).findLast((part) => part !== '') ?? path;
}

interface FactProps {
  readonly label: string;
  readonly step: StepName;
  readonly goTo: (step: StepName) => void;
  readonly children: ReactNode;
}

function Fact({ label, step, goTo, children }: FactProps) {
  return (
    <Table.Tr>
      <Table.Th scope="row" w={90} c="dimmed" fw={400}>
        {label}
      </Table.Th>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>{children}</Table.Td>
      <Table.Td w={80} ta="right">
        <Anchor component="button" size="sm" onClick={() => goTo(step)} aria-label={`${trainWords.configure.change}: ${label}`}>
          {trainWords.configure.change}
        </Anchor>
      </Table.Td>
    </Table.Tr>
  );
}

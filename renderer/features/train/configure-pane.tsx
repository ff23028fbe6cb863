/** @file What is about to be trained, and the button that starts it. What is missing stands on the button. */
import { Anchor, Button, Group, Paper, SegmentedControl, Stack, Table, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Choices } from '#contract/choices.ts';
import type { RunMethod, RunSummary } from '#contract/runs.ts';
import type { StepName } from '#contract/steps.ts';
import { useRequest, useSend } from '#renderer/api/hooks.ts';
import { Loading } from '#renderer/components/loading.tsx';
import { Problem } from '#renderer/components/problem.tsx';
import { trainWords } from '#renderer/words/train.ts';

export interface ConfigurePaneProps {
  readonly projectId: number;
  /** The run that is under way in this project, if any. */
  readonly underWay: RunSummary | null;
  readonly goTo: (step: StepName) => void;
  readonly onStarted: (runId: number) => void;
}

type Choice = RunMethod | 'both';

export function ConfigurePane(props: ConfigurePaneProps) {
  const choices = useRequest('choices.get', { projectId: props.projectId });
  if (choices.isError) return <Problem error={choices.error} />;
  if (choices.isPending) return <Loading what={trainWords.configure.loading} height={120} />;
  return <Configuration {...props} choices={choices.data} />;
}

function Configuration({ projectId, underWay, goTo, onStarted, choices }: ConfigurePaneProps & { readonly choices: Choices }) {
  const words = trainWords.configure;
  const create = useSend('runs.create');
  const adapters = useRequest('adapters.list', { projectId });
  const queries = useQueryClient();
  const { methods, settings, modelFolder, adapterId, data } = choices;
  const method: Choice = methods.length > 1 ? 'both' : (methods[0] ?? 'kto');
  const adapterName = adapters.data?.find(({ id }) => id === adapterId)?.name;
  const changed = Object.keys(settings).length;
  const start = (): void => {
    if (modelFolder === null) return;
    create.mutate(
      { projectId, methods: [...methods], settings, modelFolder, adapterId, data },
      {
        onSuccess(created) {
          // The list is asked for again; until then the screen must know the runs that it is about to show.
          queries.setQueryData<RunSummary[]>(['runs.list', { projectId }], (known = []) => [...created.toReversed(), ...known]);
          if (created[0]) onStarted(created[0].id);
        },
      },
    );
  };
  return (
    <Stack gap="sm" maw={720}>
      <Paper withBorder p="sm">
        <Table withRowBorders={false} verticalSpacing={4}>
          <Table.Tbody>
            <Fact label={words.model} step="model" goTo={goTo}>
              {modelFolder ?? words.noModel}
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
      <MethodChoice projectId={projectId} method={method} />
      {create.error ? <Problem error={create.error} /> : null}
      <Group gap="sm">
        <Button disabled={modelFolder === null} loading={create.isPending} onClick={start}>
          {modelFolder === null ? words.noModel : method === 'both' ? words.startBoth : words.start}
        </Button>
        {underWay ? (
          <Text size="sm" c="dimmed">
            {words.queueNote(underWay.name)}
          </Text>
        ) : null}
      </Group>
    </Stack>
  );
}

function MethodChoice({ projectId, method }: { readonly projectId: number; readonly method: Choice }) {
  const words = trainWords.configure;
  const choose = useSend('choices.set');
  return (
    <Group gap="sm">
      <SegmentedControl
        aria-label={words.method}
        data={(['kto', 'dpo', 'both'] as const).map((value) => ({ value, label: words.methods[value] }))}
        value={method}
        onChange={(value) => choose.mutate({ projectId, changes: { methods: value === 'both' ? ['kto', 'dpo'] : [value] } })}
      />
      <Text size="sm" c="dimmed" flex={1}>
        {words.methodNotes[method]}
      </Text>
    </Group>
  );
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

/** @file Which engine computes: all that may be on this machine with what was measured, and why others are not here. */
import { Alert, Button, Group, Radio, Stack, Text } from '@mantine/core';
import type { EngineList, EngineName } from '#contract/engines.ts';
import { useClient, useRequest, useSend } from '#renderer/api/hooks.ts';
import { useTask, useTasks, type TaskRequest } from '#renderer/api/use-task.ts';
import { Loading } from '#renderer/components/loading.tsx';
import { Problem } from '#renderer/components/problem.tsx';
import { TaskProgress } from '#renderer/components/task-progress.tsx';
import { preferencesWords } from '#renderer/words/preferences.ts';
import { AbsentEngines } from './absent-engines.tsx';
import { EngineTable } from './engine-table.tsx';

const words = preferencesWords.engines;

export function EnginesPart() {
  const engines = useRequest('engines.list');
  const test = useTask('engines.test');
  if (engines.isError) return <Problem error={engines.error} />;
  if (engines.isPending) return <Loading what={words.loading} height={160} />;
  return <Engines list={engines.data} test={test} />;
}

function Engines({ list, test }: { readonly list: EngineList; readonly test: TaskRequest<'engines.test'> }) {
  const { rows, chosen, isOutdated } = list;
  const choose = useSend('engines.choose');
  // Whichever window began it.
  const task = useTasks().find(({ unit }) => unit === 'engines') ?? null;
  const client = useClient();
  const error = choose.error ?? test.error;
  // One that was chosen is shown even when it is gone.
  const here = rows.filter(({ engine, absence }) => absence === null || engine === chosen);
  const start = (engine: EngineName | null): void => void test.start({ engines: engine === null ? null : [engine] });
  return (
    <Stack gap="sm">
      {isOutdated ? (
        <Alert color="orange" role="status">
          {words.outdated}
        </Alert>
      ) : null}
      <Radio.Group
        aria-label={words.title}
        value={choose.isPending ? choose.variables.engine : chosen}
        onChange={(engine) => choose.mutate({ engine })}
      >
        <Stack gap="sm">
          <Radio value="auto" label={words.auto} description={autoText(list)} />
          <EngineTable rows={here} chosen={chosen} onTest={task === null ? start : null} />
        </Stack>
      </Radio.Group>
      {error ? <Problem error={error} /> : null}
      {task === null ? (
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <Text size="xs" c="dimmed">
            {words.testAbout}
          </Text>
          <Button variant="light" size="compact-sm" flex="none" loading={test.isRunning} onClick={() => start(null)}>
            {words.testAll}
          </Button>
        </Group>
      ) : (
        <TaskProgress task={task} onCancel={() => void client.request('tasks.cancel', { id: task.id })} />
      )}
      <AbsentEngines rows={rows.filter(({ engine, absence }) => absence !== null && engine !== chosen)} />
    </Stack>
  );
}

function autoText({ fastest, rows }: EngineList): string {
  const row = rows.find(({ engine }) => engine === fastest);
  return row ? words.autoNow(row.title) : words.autoUntested;
}

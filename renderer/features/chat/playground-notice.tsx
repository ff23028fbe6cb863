/** @file Says that no model is open, why, and opens it. How far that is stands above the step, as all long work does. */
import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import type { Playground } from '#contract/playground.ts';
import { useTask } from '#renderer/api/use-task.ts';
import { Problem } from '#renderer/components/problem.tsx';
import { Sentence } from '#renderer/components/sentence.tsx';
import { chatWords } from '#renderer/words/chat.ts';

const words = chatWords.model;

export function PlaygroundNotice({ projectId, playground }: { readonly projectId: number; readonly playground: Playground }) {
  const { phase, closed, open, models, training } = playground;
  const opening = useTask('playground.open');
  const [model] = models;
  if (phase === 'open') {
    return open?.hasChatTemplate === false ? (
      <Alert color="gray" p="xs">
        {words.noTemplate}
      </Alert>
    ) : null;
  }
  if (phase === 'opening') {
    return (
      <Text size="sm" c="dimmed" role="status">
        {words.opening}
      </Text>
    );
  }
  const canOpen = model?.isThere === true;
  return (
    <Stack gap="xs">
      <Alert color={closed ? 'orange' : 'gray'} p="xs" role="status">
        <Group justify="space-between" wrap="nowrap" gap="md">
          <Stack gap={2}>
            {closed ? (
              <Text size="sm">
                <Sentence>{closed.text}</Sentence>
              </Text>
            ) : null}
            {training === null ? null : <Text size="sm">{words.training(training)}</Text>}
            {closed || training !== null ? null : <Text size="sm">{words.closedNote}</Text>}
            {canOpen ? null : <Text size="sm">{model ? words.gone(model.name) : words.none}</Text>}
          </Stack>
          {canOpen ? (
            <Button size="xs" flex="none" loading={opening.isRunning} onClick={() => void opening.start({ projectId, modelId: model.id })}>
              {closed ? words.openAgain(model.name) : words.open(model.name)}
            </Button>
          ) : null}
        </Group>
      </Alert>
      {opening.error ? <Problem error={opening.error} /> : null}
    </Stack>
  );
}

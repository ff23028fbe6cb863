/** @file Chooses the feedback for the next run, and whether it goes on from the adapter that was talked to; the rest is up to the step Settings. */
import { Alert, Button, Checkbox, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { AdapterSummary } from '#contract/adapters.ts';
import type { ChatDetails, FeedbackSummary } from '#contract/chats.ts';
import type { ChoiceChanges } from '#contract/choices.ts';
import type { StepName } from '#contract/steps.ts';
import { useRequest, useSend } from '#renderer/api/hooks.ts';
import { Problem } from '#renderer/components/problem.tsx';
import { chatWords } from '#renderer/words/chat.ts';
import { sharedWords } from '#renderer/words/shared.ts';

const words = chatWords.train;

export interface TrainOnFeedbackProps {
  readonly feedback: FeedbackSummary;
  readonly chat: ChatDetails;
  readonly goTo: (step: StepName) => void;
  readonly onClose: () => void;
}

export function TrainOnFeedback({
  feedback: { name, rows, versionId, desirable, undesirable },
  chat: { projectId, settings },
  goTo,
  onClose,
}: TrainOnFeedbackProps) {
  const adapters = useRequest('adapters.list', { projectId });
  const [goesOn, setGoesOn] = useState(true);
  const choose = useSend('choices.set');
  // The last pane is the one that was added last.
  const current = settings.panes.map((pane) => adapters.data?.find(({ id }) => id === pane)).findLast((adapter) => adapter !== undefined);
  const go = (): void =>
    choose.mutate(
      { projectId, changes: { data: { versionId, splitId: null }, methods: ['kto'], ...beginning(goesOn ? current : undefined) } },
      { onSuccess: () => goTo('settings') },
    );
  return (
    <Modal opened onClose={onClose} title={words.title} centered closeButtonProps={{ 'aria-label': sharedWords.close }}>
      <Stack gap="md">
        <Text size="sm">{words.about(name, rows)}</Text>
        {desirable === 0 || undesirable === 0 ? (
          <Alert color="orange" p="xs">
            {words.oneLabel}
          </Alert>
        ) : null}
        {current ? (
          <Checkbox
            label={words.goOn(current.name)}
            description={words.goOnNote}
            checked={goesOn}
            onChange={({ currentTarget }) => setGoesOn(currentTarget.checked)}
          />
        ) : null}
        {choose.error ? <Problem error={choose.error} /> : null}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {sharedWords.cancel}
          </Button>
          <Button data-autofocus loading={choose.isPending} disabled={adapters.isPending} onClick={go}>
            {words.go}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** It goes on only with the model it was made for. */
function beginning(adapter: AdapterSummary | undefined): ChoiceChanges {
  if (!adapter) return { adapterId: null };
  return { adapterId: adapter.id, ...(adapter.modelFolder !== null && { modelFolder: adapter.modelFolder }) };
}

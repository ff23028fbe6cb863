/** @file Asks before a run is deleted, and what is to become of its files. */
import { Button, Checkbox, Code, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useRequest, useSend } from '#renderer/api/hooks.ts';
import { formatBytes } from '#renderer/components/format.ts';
import { Loading } from '#renderer/components/loading.tsx';
import { Problem } from '#renderer/components/problem.tsx';
import { trainWords } from '#renderer/words/train.ts';

export interface DeleteDialogProps {
  /** Null: closed. */
  readonly run: { readonly id: number; readonly name: string } | null;
  readonly onClose: () => void;
}

export function DeleteDialog({ run, onClose }: DeleteDialogProps) {
  return (
    <Modal opened={run !== null} onClose={onClose} title={run ? trainWords.deleteDialog.title(run.name) : ''} centered>
      {run ? <DeleteQuestion key={run.id} runId={run.id} onClose={onClose} /> : null}
    </Modal>
  );
}

function DeleteQuestion({ runId, onClose }: { readonly runId: number; readonly onClose: () => void }) {
  const words = trainWords.deleteDialog;
  const [deleteFiles, setDeleteFiles] = useState(true);
  const files = useRequest('runs.describeFiles', { runId });
  const remove = useSend('runs.delete');
  if (files.isError) return <Problem error={files.error} />;
  if (files.isPending) return <Loading what={words.loading} />;
  return (
    <Stack gap="sm">
      <Text size="sm">{`${words.text}${words.adapters(files.data.adapters)}`}</Text>
      <Checkbox
        label={words.files(files.data.files, formatBytes(files.data.bytes))}
        checked={deleteFiles}
        onChange={({ currentTarget }) => setDeleteFiles(currentTarget.checked)}
      />
      <Text size="xs" c="dimmed">
        {words.folder} <Code>{files.data.folder}</Code>
      </Text>
      {remove.error ? <Problem error={remove.error} /> : null}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose} data-autofocus>
          {words.cancel}
        </Button>
        <Button color="red" loading={remove.isPending} onClick={() => remove.mutate({ runId, deleteFiles }, { onSuccess: onClose })}>
          {words.delete}
        </Button>
      </Group>
    </Stack>
  );
}

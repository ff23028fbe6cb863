/** @file Asks before a project is deleted, says what goes with it, and what is to become of its files. */
import { Button, Checkbox, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { Project } from '#contract/projects.ts';
import { useRequest, useSend } from '#renderer/api/hooks.ts';
import { Loading } from '#renderer/components/loading.tsx';
import { Problem } from '#renderer/components/problem.tsx';
import { frameWords } from '#renderer/words/frame.ts';
import { sharedWords } from '#renderer/words/shared.ts';

const words = frameWords.project.remove;

export interface DeleteProjectDialogProps {
  readonly project: Project;
  readonly onClose: () => void;
}

export function DeleteProjectDialog({ project, onClose }: DeleteProjectDialogProps) {
  return (
    <Modal opened onClose={onClose} title={words.title(project.name)} centered>
      <Question id={project.id} onClose={onClose} />
    </Modal>
  );
}

function Question({ id, onClose }: { readonly id: number; readonly onClose: () => void }) {
  const [deleteFiles, setDeleteFiles] = useState(true);
  const contents = useRequest('projects.describeContents', { id });
  const remove = useSend('projects.delete');
  if (contents.isError) return <Problem error={contents.error} />;
  if (contents.isPending) return <Loading what={words.loading} height={80} />;
  const { folders, bytes } = contents.data;
  return (
    <Stack gap="sm">
      <Text size="sm">{words.text(contents.data)}</Text>
      {folders.length === 0 ? null : (
        <Checkbox
          label={words.files(bytes)}
          checked={deleteFiles}
          onChange={({ currentTarget }) => setDeleteFiles(currentTarget.checked)}
        />
      )}
      {remove.error ? <Problem error={remove.error} /> : null}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose} data-autofocus>
          {sharedWords.cancel}
        </Button>
        <Button color="red.9" loading={remove.isPending} onClick={() => remove.mutate({ id, deleteFiles }, { onSuccess: onClose })}>
          {words.confirm}
        </Button>
      </Group>
    </Stack>
  );
}

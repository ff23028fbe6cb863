/** @file What can be done with a dataset as a whole: another name, or away with it. */
import { Button, Group, Menu, Modal, Stack, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import type { Dataset } from '#contract/datasets.ts';
import { useSend } from '#renderer/api/hooks.ts';
import { ConfirmDialog } from '#renderer/components/confirm-dialog.tsx';
import { importWords } from '#renderer/words/import.ts';
import { sharedWords } from '#renderer/words/shared.ts';

export function DatasetMenu({ dataset }: { readonly dataset: Dataset }) {
  const [asked, setAsked] = useState<'rename' | 'remove' | null>(null);
  const remove = useSend('datasets.delete');
  const close = (): void => setAsked(null);
  return (
    <>
      <Menu position="bottom-start">
        <Menu.Target>
          <Button size="xs" variant="default">
            {importWords.toolbar.more}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setAsked('rename')}>{importWords.toolbar.rename}</Menu.Item>
          <Menu.Item onClick={() => setAsked('remove')}>{importWords.toolbar.remove}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {asked === 'rename' ? <RenameDialog dataset={dataset} onClose={close} /> : null}
      <ConfirmDialog
        opened={asked === 'remove'}
        title={importWords.remove.title(dataset.name)}
        confirm={importWords.remove.confirm}
        isPending={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate({ datasetId: dataset.id }, { onSuccess: close })}
        onClose={close}
      >
        {importWords.remove.about}
      </ConfirmDialog>
    </>
  );
}

function RenameDialog({ dataset, onClose }: { readonly dataset: Dataset; readonly onClose: () => void }) {
  const [name, setName] = useState(dataset.name);
  const rename = useSend('datasets.rename');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    rename.mutate({ datasetId: dataset.id, name }, { onSuccess: onClose });
  };
  return (
    <Modal opened onClose={onClose} title={importWords.rename.title} centered>
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput
            label={importWords.rename.name}
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
            error={rename.error?.message}
            data-autofocus
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {sharedWords.cancel}
            </Button>
            <Button type="submit" loading={rename.isPending} disabled={name.trim() === ''}>
              {importWords.rename.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** @file What can be done with a dataset as a whole: another name, or away with it. */
import { Button, Menu } from '@mantine/core';
import { useState } from 'react';
import type { Dataset } from '#contract/datasets.ts';
import { useSend } from '#renderer/api/hooks.ts';
import { ConfirmDialog } from '#renderer/components/confirm-dialog.tsx';
import { NameDialog } from '#renderer/components/name-dialog.tsx';
import { importWords } from '#renderer/words/import.ts';

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
  const rename = useSend('datasets.rename');
  return (
    <NameDialog
      opened
      title={importWords.rename.title}
      label={importWords.rename.name}
      name={dataset.name}
      confirm={importWords.rename.save}
      isPending={rename.isPending}
      error={rename.error}
      onConfirm={(name) => rename.mutate({ datasetId: dataset.id, name }, { onSuccess: onClose })}
      onClose={onClose}
    />
  );
}

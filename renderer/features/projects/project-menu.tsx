/** @file What can be done with a project as a whole: another name, a copy, its folder, or away with it. */
import { Button, Menu, Text } from '@mantine/core';
import { useState } from 'react';
import type { Project } from '#contract/projects.ts';
import { useSend } from '#renderer/api/hooks.ts';
import { NameDialog } from '#renderer/components/name-dialog.tsx';
import { frameWords } from '#renderer/words/frame.ts';
import { DeleteProjectDialog } from './delete-project-dialog.tsx';

const words = frameWords.project;

export interface ProjectMenuProps {
  readonly project: Project;
  /** Shows another project. */
  readonly onChoose: (id: number) => void;
}

export function ProjectMenu({ project, onChoose }: ProjectMenuProps) {
  const [asked, setAsked] = useState<'rename' | 'duplicate' | 'remove' | null>(null);
  const reveal = useSend('projects.reveal');
  const close = (): void => setAsked(null);
  const place = reveal.data?.shown === false ? reveal.data.path : null;
  return (
    <>
      {place === null ? null : (
        <Text size="xs" c="dimmed" role="status">
          {words.filesAre(place)}
        </Text>
      )}
      <Menu position="bottom-end">
        <Menu.Target>
          <Button size="compact-sm" variant="subtle" color="gray" aria-label={words.menu(project.name)}>
            ⋯
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setAsked('rename')}>{words.rename.open}</Menu.Item>
          <Menu.Item onClick={() => setAsked('duplicate')}>{words.duplicate.open}</Menu.Item>
          <Menu.Item onClick={() => reveal.mutate({ id: project.id })}>{words.reveal}</Menu.Item>
          <Menu.Divider />
          <Menu.Item color="red" onClick={() => setAsked('remove')}>
            {words.remove.open}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {asked === 'rename' ? <RenameDialog project={project} onClose={close} /> : null}
      {asked === 'duplicate' ? <DuplicateDialog project={project} onChoose={onChoose} onClose={close} /> : null}
      {asked === 'remove' ? <DeleteProjectDialog project={project} onClose={close} /> : null}
    </>
  );
}

interface DialogProps {
  readonly project: Project;
  readonly onClose: () => void;
}

function RenameDialog({ project: { id, name }, onClose }: DialogProps) {
  const rename = useSend('projects.rename');
  return (
    <NameDialog
      opened
      title={words.rename.title}
      label={words.name}
      name={name}
      confirm={words.rename.confirm}
      isPending={rename.isPending}
      error={rename.error}
      onConfirm={(next) => rename.mutate({ id, name: next }, { onSuccess: onClose })}
      onClose={onClose}
    />
  );
}

function DuplicateDialog({ project: { id, name }, onChoose, onClose }: DialogProps & Pick<ProjectMenuProps, 'onChoose'>) {
  const duplicate = useSend('projects.duplicate');
  return (
    <NameDialog
      opened
      title={words.duplicate.title}
      label={words.name}
      name={words.duplicate.copyOf(name)}
      confirm={words.duplicate.confirm}
      isPending={duplicate.isPending}
      error={duplicate.error}
      onConfirm={(next) =>
        duplicate.mutate(
          { id, name: next },
          {
            onSuccess: (copy) => {
              onClose();
              onChoose(copy.id);
            },
          },
        )
      }
      onClose={onClose}
    />
  );
}

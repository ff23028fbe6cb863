/** @file Asks for a name and makes a project. */
import { useSend } from '#renderer/api/hooks.ts';
import { NameDialog } from '#renderer/components/name-dialog.tsx';
import { frameWords } from '#renderer/words/frame.ts';

const words = frameWords.projects;

export interface NewProjectDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onMade: (id: number) => void;
}

export function NewProjectDialog({ opened, onClose, onMade }: NewProjectDialogProps) {
  const create = useSend('projects.create');
  const close = (): void => {
    create.reset();
    onClose();
  };
  return (
    <NameDialog
      opened={opened}
      title={words.dialog}
      label={words.name}
      example={words.example}
      confirm={words.create}
      isPending={create.isPending}
      error={create.error}
      onConfirm={(name) =>
        create.mutate(
          { name },
          {
            onSuccess: ({ id }) => {
              onMade(id);
              close();
            },
          },
        )
      }
      onClose={close}
    />
  );
}

/** @file Brings a project in from an archive: a file that is chosen, sent, named by its path, or that the program was opened with. */
import { Alert, Button, FileButton, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { AppError } from '#contract/errors.ts';
import type { BroughtProject } from '#contract/archives.ts';
import type { FileReference } from '#contract/files.ts';
import { useClient } from '#renderer/api/hooks.ts';
import { useTask, useTasks } from '#renderer/api/use-task.ts';
import { Problem } from '#renderer/components/problem.tsx';
import { TaskProgress } from '#renderer/components/task-progress.tsx';
import { archiveWords } from '#renderer/words/archive.ts';
import { sharedWords } from '#renderer/words/shared.ts';

const words = archiveWords.read;

export interface BringInProjectProps {
  readonly opened: boolean;
  /** Of a file that the program was opened with; else empty. */
  readonly path: string;
  readonly onClose: () => void;
  /** Shows it. */
  readonly onBrought: (id: number) => void;
}

export function BringInProject({ opened, path, onClose, onBrought }: BringInProjectProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={words.title} size="lg" centered closeButtonProps={{ 'aria-label': sharedWords.close }}>
      <BringInForm key={path} path={path} onClose={onClose} onBrought={onBrought} />
    </Modal>
  );
}

function BringInForm({ path, onClose, onBrought }: Omit<BringInProjectProps, 'opened'>) {
  const work = useBringIn();
  const { sending, error, brought, isRunning } = work;
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {words.about}
      </Text>
      <ArchiveChoice path={path} {...work} />
      {sending === null ? null : (
        <Text size="sm" role="status">
          {words.sending(sending)}
        </Text>
      )}
      {isRunning ? <Progress /> : null}
      {error ? <Problem error={error} /> : null}
      {brought ? (
        <Brought
          brought={brought}
          onShow={() => {
            onBrought(brought.project.id);
            onClose();
          }}
        />
      ) : null}
    </Stack>
  );
}

/** A file to send, or the path of one. */
function ArchiveChoice({ path, sending, isRunning, bringIn, send }: ReturnType<typeof useBringIn> & { readonly path: string }) {
  const [typed, setTyped] = useState(path);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void bringIn({ path: typed.trim() });
  };
  return (
    <form onSubmit={submit}>
      <Group align="flex-end" gap="sm" wrap="nowrap">
        <FileButton onChange={(file) => file && void send(file)} accept=".prospect">
          {(props) => (
            <Button {...props} variant="default" disabled={isRunning || sending !== null}>
              {words.choose}
            </Button>
          )}
        </FileButton>
        <TextInput
          flex={1}
          label={words.path}
          placeholder={words.placeholder}
          value={typed}
          onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        />
        <Button type="submit" loading={isRunning} disabled={typed.trim() === ''}>
          {words.start}
        </Button>
      </Group>
    </form>
  );
}

function useBringIn() {
  const client = useClient();
  const work = useTask('archives.read');
  const [sending, setSending] = useState<number | null>(null);
  const [sendError, setSendError] = useState<AppError | null>(null);
  const [brought, setBrought] = useState<BroughtProject | null>(null);
  const bringIn = async (file: FileReference): Promise<void> => {
    setBrought(null);
    setBrought(await work.start({ file }));
  };
  const send = async (file: File): Promise<void> => {
    setSendError(null);
    setSending(0);
    try {
      const reference = await client.handOver(file, setSending);
      setSending(null);
      await bringIn(reference);
    } catch (reason) {
      if (!(reason instanceof AppError)) throw reason;
      setSendError(reason);
    } finally {
      setSending(null);
    }
  };
  return { sending, error: sendError ?? work.error, brought, isRunning: work.isRunning, bringIn, send };
}

/** Of work that belongs to no project yet. */
function Progress() {
  const client = useClient();
  const tasks = useTasks().filter(({ projectId }) => projectId === null);
  return tasks.map((task) => (
    <TaskProgress key={task.id} task={task} onCancel={() => void client.request('tasks.cancel', { id: task.id })} />
  ));
}

function Brought({ brought: { project, notes }, onShow }: { readonly brought: BroughtProject; readonly onShow: () => void }) {
  return (
    <Alert color={notes.length === 0 ? 'teal' : 'orange'} role="status">
      <Stack gap="xs">
        <Text size="sm">{words.done(project.name)}</Text>
        {notes.map((note) => (
          <Text key={note} size="sm">
            {note}
          </Text>
        ))}
        <Button size="xs" w="fit-content" onClick={onShow}>
          {words.show}
        </Button>
      </Stack>
    </Alert>
  );
}

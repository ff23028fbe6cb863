/** @file Where files are dropped, chosen, or named by their path; sends what has to be sent and says how far that is. */
import { Button, Group, Progress, Stack, Text, TextInput } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { useRef, useState, type FormEvent } from 'react';
import type { AppError } from '#contract/errors.ts';
import type { FileReference } from '#contract/files.ts';
import { useClient } from '#renderer/api/hooks.ts';
import { Problem } from '#renderer/components/problem.tsx';
import { importWords } from '#renderer/words/import.ts';
import classes from './file-drop.module.css';

const words = importWords.drop;

export interface FileDropProps {
  /** All files are here. */
  readonly onFiles: (files: readonly FileReference[]) => void;
}

interface Sending {
  readonly name: string;
  readonly part: number;
}

export function FileDrop({ onFiles }: FileDropProps) {
  const { sending, error, handOver } = useHandOver(onFiles);
  const open = useRef<() => void>(null);
  return (
    <Stack gap="sm">
      <Dropzone
        onDrop={(files) => void handOver(files)}
        openRef={open}
        activateOnClick={false}
        activateOnKeyboard={false}
        // A group of things that can be reached, not one of them.
        tabIndex={-1}
        loading={false}
        className={classes.zone}
        inputProps={{ 'aria-label': words.input }}
        useFsAccessApi={false}
      >
        <Stack align="center" gap="xs" py="xl" px="md">
          <Text fw={600}>{words.title}</Text>
          <Text size="sm" c="dimmed" ta="center" maw={560}>
            {words.about}
          </Text>
          <Button className={classes.inside} onClick={() => open.current?.()} disabled={sending !== null} mt="xs">
            {words.choose}
          </Button>
        </Stack>
      </Dropzone>
      {sending ? (
        <Stack gap={4} role="status">
          <Text size="sm">{words.sending(sending.name, sending.part)}</Text>
          <Progress value={sending.part * 100} size="sm" aria-label={words.sending(sending.name, sending.part)} />
        </Stack>
      ) : null}
      {error ? <Problem error={error} /> : null}
      <PathForm onPath={(path) => onFiles([{ path }])} />
    </Stack>
  );
}

function PathForm({ onPath }: { readonly onPath: (path: string) => void }) {
  const [path, setPath] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onPath(path.trim());
  };
  return (
    <form onSubmit={submit}>
      <Group align="end" gap="xs">
        <TextInput
          flex={1}
          size="xs"
          label={words.path}
          placeholder={words.pathPlaceholder}
          value={path}
          onChange={({ currentTarget }) => setPath(currentTarget.value)}
        />
        <Button type="submit" size="xs" variant="default" disabled={path.trim() === ''}>
          {words.usePath}
        </Button>
      </Group>
    </form>
  );
}

function useHandOver(onFiles: FileDropProps['onFiles']) {
  const client = useClient();
  const [sending, setSending] = useState<Sending | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const handOver = async (files: readonly File[]): Promise<void> => {
    setError(null);
    const references: FileReference[] = [];
    try {
      for (const file of files) {
        const { name } = file;
        setSending({ name, part: 0 });
        references.push(await client.handOver(file, (part) => setSending({ name, part })));
      }
      if (references.length > 0) onFiles(references);
    } catch (reason) {
      setError(reason as AppError);
      for (const reference of references) if ('upload' in reference) void client.request('files.discardUpload', reference);
    } finally {
      setSending(null);
    }
  };
  return { sending, error, handOver };
}

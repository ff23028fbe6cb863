/** @file The whole project as one file: with or without weights, and where it goes. */
import { Alert, Button, Checkbox, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import type { PackedProject } from '#contract/archives.ts';
import type { Project } from '#contract/projects.ts';
import { useClient, useSend } from '#renderer/api/hooks.ts';
import { useTask } from '#renderer/api/use-task.ts';
import { Problem } from '#renderer/components/problem.tsx';
import { archiveWords } from '#renderer/words/archive.ts';

const words = archiveWords.write;

export function ArchiveSection({ project }: { readonly project: Project }) {
  const [hasWeights, setHasWeights] = useState(true);
  const [typed, setTyped] = useState('');
  const [lastPath, setLastPath] = useState('');
  const [packed, setPacked] = useState<PackedProject | null>(null);
  const work = useTask('archives.write');
  const write = async (path: string, replace: boolean): Promise<void> => {
    setPacked(null);
    setLastPath(path);
    setPacked(await work.start({ projectId: project.id, path, hasWeights, replace }));
  };
  return (
    <Stack gap="xs" component="section" aria-label={words.title}>
      <Title order={2} size="h5">
        {words.title}
      </Title>
      <Text size="sm" c="dimmed">
        {words.about}
      </Text>
      <Checkbox label={words.weights} checked={hasWeights} onChange={({ currentTarget }) => setHasWeights(currentTarget.checked)} />
      <Target
        fileName={`${project.name.replaceAll(/[\\/:*?"<>|]/g, '_')}.prospect`}
        typed={typed}
        isBusy={work.isRunning}
        onTyped={setTyped}
        onPath={(path, replace) => void write(path, replace)}
      />
      {work.error ? <Problem error={work.error} /> : null}
      {work.error?.code === 'output-busy' && lastPath !== '' ? (
        <Button size="xs" w="fit-content" variant="default" onClick={() => void write(lastPath, true)}>
          {words.replace}
        </Button>
      ) : null}
      {packed ? (
        <Alert color="teal" role="status" py="xs">
          <Text size="sm">{words.done(packed.path, packed.bytes)}</Text>
        </Alert>
      ) : null}
    </Stack>
  );
}

interface TargetProps {
  /** Proposed. */
  readonly fileName: string;
  readonly typed: string;
  readonly isBusy: boolean;
  readonly onTyped: (path: string) => void;
  readonly onPath: (path: string, replace: boolean) => void;
}

/** By the system's dialog where there is one, which asks by itself about a file that is there; or by its path. */
function Target({ fileName, typed, isBusy, onTyped, onPath }: TargetProps) {
  const { host } = useClient();
  const pick = useSend('files.pickTarget');
  const choose = (): void =>
    pick.mutate({ fileName }, { onSuccess: ({ paths: [picked] }) => picked !== undefined && onPath(picked, picked.endsWith('.prospect')) });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onPath(typed.trim(), false);
  };
  return (
    <form onSubmit={submit}>
      <Group align="flex-end" gap="sm" wrap="nowrap">
        {host === 'electron' ? (
          <Button variant="default" onClick={choose} loading={pick.isPending || isBusy}>
            {words.choose}
          </Button>
        ) : null}
        <TextInput
          flex={1}
          label={host === 'electron' ? words.orPath : words.path}
          placeholder={words.placeholder(fileName)}
          value={typed}
          onChange={({ currentTarget }) => onTyped(currentTarget.value)}
        />
        <Button type="submit" variant="default" loading={isBusy} disabled={typed.trim() === ''}>
          {words.start}
        </Button>
      </Group>
    </form>
  );
}

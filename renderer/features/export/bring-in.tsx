/** @file Brings in what was made elsewhere: an adapter of PEFT, or a finished run with its curve. */
import { Alert, Button, Group, SegmentedControl, Text, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import type { BroughtIn } from '#contract/bring-in.ts';
import { useClient, useSend } from '#renderer/api/hooks.ts';
import { Problem } from '#renderer/components/problem.tsx';
import { PlainSection } from '#renderer/components/section.tsx';
import { exportWords } from '#renderer/words/export.ts';

const words = exportWords.bringIn;
const KINDS = ['adapter', 'run'] as const;
type Kind = (typeof KINDS)[number];

export interface BringInProps {
  readonly projectId: number;
  /** @param adapterId - of what was brought in */
  readonly onBrought: (adapterId: number) => void;
}

export function BringIn({ projectId, onBrought }: BringInProps) {
  const [kind, setKind] = useState<Kind>('adapter');
  const adapter = useSend('adapters.import');
  const run = useSend('runs.import');
  const send = kind === 'adapter' ? adapter : run;
  const bringIn = (folder: string, modelFolder: string | null): void =>
    send.mutate({ projectId, folder, modelFolder, name: null }, { onSuccess: ({ adapterId }) => onBrought(adapterId) });
  return (
    <PlainSection order={2} title={words.title}>
      <SegmentedControl
        aria-label={words.kind}
        size="xs"
        w="fit-content"
        data={KINDS.map((value) => ({ value, label: words.kinds[value] }))}
        value={kind}
        onChange={setKind}
      />
      <Text size="sm" c="dimmed">
        {words.about[kind]}
      </Text>
      <FolderForm kind={kind} isPending={send.isPending} onSubmit={bringIn} />
      {send.error ? <Problem error={send.error} /> : null}
      {send.data ? <Brought brought={send.data} /> : null}
    </PlainSection>
  );
}

interface FolderFormProps {
  readonly kind: Kind;
  readonly isPending: boolean;
  /** @param modelFolder - null: the one that it was made for */
  readonly onSubmit: (folder: string, modelFolder: string | null) => void;
}

function FolderForm({ kind, isPending, onSubmit }: FolderFormProps) {
  const [folder, setFolder] = useState('');
  const [model, setModel] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onSubmit(folder.trim(), model.trim() === '' ? null : model.trim());
  };
  return (
    <form onSubmit={submit}>
      <Group align="flex-end" gap="sm" wrap="nowrap">
        <PickButton onFolder={setFolder} />
        <TextInput
          flex={2}
          label={words.folder}
          placeholder={words.placeholder}
          value={folder}
          onChange={({ currentTarget }) => setFolder(currentTarget.value)}
        />
        <TextInput
          flex={1}
          label={words.model}
          placeholder={words.ownModel[kind]}
          value={model}
          onChange={({ currentTarget }) => setModel(currentTarget.value)}
        />
        <Button type="submit" variant="default" loading={isPending} disabled={folder.trim() === ''}>
          {words.start}
        </Button>
      </Group>
    </form>
  );
}

function PickButton({ onFolder }: { readonly onFolder: (folder: string) => void }) {
  const { host } = useClient();
  const pick = useSend('files.pick');
  if (host !== 'electron') return null;
  return (
    <Button
      variant="default"
      loading={pick.isPending}
      onClick={() =>
        pick.mutate({ purpose: 'adapter-folder' }, { onSuccess: ({ paths: [picked] }) => picked !== undefined && onFolder(picked) })
      }
    >
      {exportWords.place.pick}
    </Button>
  );
}

function Brought({ brought: { name, notes } }: { readonly brought: BroughtIn }) {
  return (
    <Alert color={notes.length === 0 ? 'teal' : 'orange'} role="status" py="xs">
      <Text size="sm">{words.done(name)}</Text>
      {notes.map((note) => (
        <Text key={note} size="sm">
          {note}
        </Text>
      ))}
    </Alert>
  );
}

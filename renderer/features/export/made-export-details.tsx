/** @file One export: whether it is what was trained, where it lies, what is in it, and what to type next. */
import { Alert, Button, Code, CopyButton, Group, Stack, Table, Text, Title } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { ExportCheck, ListedExport, NextStep } from '#contract/exports.ts';
import { useSend } from '#renderer/api/hooks.ts';
import { Problem } from '#renderer/components/problem.tsx';
import { exportWords } from '#renderer/words/export.ts';
import { formatBytes } from '#renderer/words/numbers.ts';

const words = exportWords.made;

export interface MadeExportDetailsProps {
  readonly projectId: number;
  readonly made: ListedExport;
}

export function MadeExportDetails({ projectId, made }: MadeExportDetailsProps) {
  const { folder, files, check, notes, nextSteps } = made;
  const details = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // In braces: a browser gives something back, which React would call at the end.
    details.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <Stack gap="sm" ref={details}>
      {check === null ? null : <CheckLine check={check} />}
      <Text size="sm">
        {words.folder} <Code>{folder}</Code>{' '}
        {words.files(
          files.length,
          files.reduce((sum, { bytes }) => sum + bytes, 0),
        )}
      </Text>
      <Files files={files} />
      <Notes notes={notes} />
      {check !== null && !check.isSame ? null : <NextSteps steps={nextSteps} />}
      <ExportButtons projectId={projectId} made={made} />
    </Stack>
  );
}

function ExportButtons({ projectId, made: { id, isThere } }: MadeExportDetailsProps) {
  const reveal = useSend('exports.reveal');
  const forget = useSend('exports.forget');
  const [said, setSaid] = useState<string | null>(null);
  const error = reveal.error ?? forget.error;
  const show = (): void =>
    reveal.mutate({ projectId, exportId: id }, { onSuccess: ({ path, shown }) => setSaid(shown ? null : words.revealed(path)) });
  return (
    <>
      {error ? <Problem error={error} /> : null}
      <Group gap="xs">
        <Button size="xs" variant="default" disabled={!isThere} onClick={show}>
          {words.reveal}
        </Button>
        <Button
          size="xs"
          variant="subtle"
          color="gray"
          onClick={() => forget.mutate({ projectId, exportId: id })}
          title={words.forgetAbout}
        >
          {words.forget}
        </Button>
        {said === null ? null : (
          <Text size="sm" role="status">
            {said}
          </Text>
        )}
      </Group>
    </>
  );
}

/** What is not verified must not look like a success. */
function CheckLine({ check: { isSame, text } }: { readonly check: ExportCheck }) {
  return isSame ? (
    <Alert color="teal" py="xs" role="status">
      <Text size="sm">{text}</Text>
    </Alert>
  ) : (
    <Alert color="red" variant="filled" role="alert" title={words.badTitle}>
      <Text size="sm">{text}</Text>
    </Alert>
  );
}

function Notes({ notes }: Pick<ListedExport, 'notes'>) {
  if (notes.length === 0) return null;
  return (
    <Stack gap={2}>
      <Text size="sm" fw={600}>
        {words.notes}
      </Text>
      {notes.map((note) => (
        <Text key={note} size="sm">
          {note}
        </Text>
      ))}
    </Stack>
  );
}

function Files({ files }: Pick<ListedExport, 'files'>) {
  return (
    <Table withRowBorders={false} verticalSpacing={2} w="fit-content" aria-label={words.file}>
      <Table.Tbody>
        {files.map(({ name, bytes }) => (
          <Table.Tr key={name}>
            <Table.Td>
              <Code>{name}</Code>
            </Table.Td>
            <Table.Td ta="right" style={{ fontVariantNumeric: 'tabular-nums' }}>
              {formatBytes(bytes)}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function NextSteps({ steps }: { readonly steps: readonly NextStep[] }) {
  return (
    <Stack gap="xs">
      <Title order={4} size="h6">
        {words.next}
      </Title>
      {steps.map(({ about, command }) => (
        <Stack key={about} gap={2}>
          <Group justify="space-between">
            <Text size="sm">{about}</Text>
            <CopyButton value={command}>
              {({ copied, copy }) => (
                <Button size="compact-xs" variant="subtle" onClick={copy} aria-label={words.copy(about)}>
                  {copied ? words.copied : words.copyShort}
                </Button>
              )}
            </CopyButton>
          </Group>
          <Code block tabIndex={0}>
            {command}
          </Code>
        </Stack>
      ))}
    </Stack>
  );
}

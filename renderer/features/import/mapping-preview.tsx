/** @file What a mapping makes of the first rows of the file, and which of them it can't read. */
import { Alert, Badge, Stack, Table, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { FileReference } from '#contract/files.ts';
import type { Mapping, Preview } from '#contract/imports.ts';
import { useClient } from '#renderer/api/hooks.ts';
import { Loading } from '#renderer/components/loading.tsx';
import { Problem } from '#renderer/components/problem.tsx';
import { LabelBadge } from '#renderer/components/label-badge.tsx';
import { Sentence } from '#renderer/components/sentence.tsx';
import { importWords } from '#renderer/words/import.ts';
import { counted } from '#renderer/words/numbers.ts';
import classes from './mapping-preview.module.css';

const words = importWords.preview;
/** Enough to see a pattern, few enough to be read. */
const SHOWN_ROWS = 8;

export interface MappingPreviewProps {
  readonly files: readonly FileReference[];
  readonly mapping: Mapping;
  /** What it does is said where it was chosen. */
  readonly isOffered: boolean;
}

export function MappingPreview({ files, mapping, isOffered }: MappingPreviewProps) {
  const client = useClient();
  const input = { files: [...files], mapping };
  const preview = useQuery({
    queryKey: ['imports.preview', input],
    queryFn: () => client.request('imports.preview', input),
    // While a column is being changed the rows before it stay.
    placeholderData: keepPreviousData,
  });
  return (
    <Stack gap={4}>
      <Text fw={500}>{words.title}</Text>
      {preview.isError ? <Problem error={preview.error} /> : null}
      {preview.isPending ? <Loading what={words.loading} height={160} /> : null}
      {preview.data && !preview.isError ? <PreviewRows preview={preview.data} isOffered={isOffered} /> : null}
    </Stack>
  );
}

interface PreviewRowsProps extends Pick<MappingPreviewProps, 'isOffered'> {
  readonly preview: Preview;
}

function PreviewRows({ preview: { description, rows, faults, leftOut, records }, isOffered }: PreviewRowsProps) {
  const isPair = rows[0]?.rejected !== null && rows.length > 0;
  const [fault] = faults;
  const { prompt, completion, chosen, rejected, label } = importWords.table;
  return (
    <>
      {isOffered ? null : (
        <Text size="sm" c="dimmed">
          <Sentence>{description}</Sentence>
        </Text>
      )}
      {fault ? (
        <Alert color="yellow" role="note" py="xs">
          <Text size="sm">
            {words.faults(faults.length, records)} <Sentence>{fault.message}</Sentence>
          </Text>
        </Alert>
      ) : null}
      <LeftOut leftOut={leftOut} />
      {rows.length === 0 ? (
        <Text size="sm">{words.none}</Text>
      ) : (
        <Table className={classes.table} fz="sm" aria-label={words.title} layout="fixed">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{prompt}</Table.Th>
              <Table.Th>{isPair ? chosen : completion}</Table.Th>
              <Table.Th w={isPair ? undefined : 130}>{isPair ? rejected : label}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.slice(0, SHOWN_ROWS).map((row) => (
              <Table.Tr key={row.index}>
                <Table.Td>{row.prompt}</Table.Td>
                <Table.Td>{row.completion}</Table.Td>
                <Table.Td>{row.label === null ? row.rejected : <LabelBadge label={row.label} />}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </>
  );
}

function LeftOut({ leftOut }: Pick<Preview, 'leftOut'>) {
  if (leftOut.length === 0) return null;
  const counts = new Map<string, number>();
  for (const { reason } of leftOut) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return (
    <Text size="sm" component="div">
      {words.leftOut(leftOut.length)}{' '}
      {Array.from(counts, ([reason, count]) => (
        <Badge key={reason} variant="light" color="gray" tt="none" mr={4}>
          {counted(count, 'row', 'rows')}: {reason}
        </Badge>
      ))}
    </Text>
  );
}

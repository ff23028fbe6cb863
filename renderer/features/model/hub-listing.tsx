/** @file What a model of the Hub consists of, before any of it is fetched. */
import { Alert, Button, Group, Paper, ScrollArea, Stack, Table, Text } from '@mantine/core';
import type { HubModel } from '#contract/hub.ts';
import { useSend } from '#renderer/api/hooks.ts';
import { Problem } from '#renderer/components/problem.tsx';
import { modelWords } from '#renderer/words/model.ts';
import { formatBytes } from '#renderer/words/numbers.ts';

const words = modelWords.hub;
/** About six rows; a model of shards has more. */
const LIST_HEIGHT = 190;

export function HubListing({ model, onBegun }: { readonly model: HubModel; readonly onBegun: () => void }) {
  const { id, commit, files, bytes, otherFiles, licence, problem, folder, freeBytes } = model;
  const download = useSend('hub.download');
  const isTooLarge = freeBytes !== null && bytes > freeBytes;
  return (
    <Paper withBorder p="sm" component="section" aria-label={id}>
      <Stack gap="xs">
        <Group justify="space-between" wrap="nowrap">
          <Text fw={500}>{id}</Text>
          <Text size="sm" c="dimmed">
            {words.files(files.length, bytes)}
          </Text>
        </Group>
        {problem === null ? null : (
          <Alert color="red" role="alert">
            {problem}
          </Alert>
        )}
        <FileTable files={files} label={words.files(files.length, bytes)} />
        <Text size="xs" c="dimmed">
          {[licence === null ? null : words.licence(licence), otherFiles > 0 ? words.others(otherFiles) : null, words.place(folder)]
            .filter((text) => text !== null)
            .join(' · ')}
        </Text>
        {isTooLarge ? <Alert color="red">{words.tooLarge(freeBytes)}</Alert> : null}
        {download.error ? <Problem error={download.error} /> : null}
        <Group justify="flex-end">
          <Button
            disabled={problem !== null || isTooLarge}
            loading={download.isPending}
            onClick={() => download.mutate({ id, commit }, { onSuccess: onBegun })}
          >
            {words.download(bytes)}
          </Button>
        </Group>
      </Stack>
    </Paper>
  );
}

function FileTable({ files, label }: { readonly files: HubModel['files']; readonly label: string }) {
  return (
    <ScrollArea.Autosize mah={LIST_HEIGHT} viewportProps={{ tabIndex: 0, 'aria-label': label, role: 'group' }}>
      <Table verticalSpacing={2} fz="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{words.file}</Table.Th>
            <Table.Th ta="right">{words.size}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {files.map((file) => (
            <Table.Tr key={file.path}>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>{file.path}</Table.Td>
              <Table.Td ta="right">{formatBytes(file.bytes)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea.Autosize>
  );
}

/** @file What was handed over: names, formats, sizes, what to know about them, and how the first one begins. */
import { Accordion, Badge, Group, ScrollArea, Stack, Table, Text } from '@mantine/core';
import type { Inspection } from '#contract/imports.ts';
import { importWords } from '#renderer/words/import.ts';
import { formatBytes } from '#renderer/words/numbers.ts';
import classes from './file-facts.module.css';

const words = importWords.inspect;

export function FileFacts({ inspection: { files, skipped, columns, sample } }: { readonly inspection: Inspection }) {
  return (
    <Stack gap="xs">
      <Stack gap={2} component="ul" aria-label={words.files} m={0} p={0} style={{ listStyle: 'none' }}>
        {files.map(({ name, bytes, format, notes }, index) => (
          // Files of several folders may have one name.
          <li key={`${index} ${name}`}>
            <Group gap="xs">
              <Text size="sm" fw={500}>
                {name}
              </Text>
              <Badge variant="light" color={format === null ? 'red.9' : 'gray'} size="sm" tt="none">
                {format ?? words.unreadable}
              </Badge>
              <Text size="sm" c="dimmed">
                {formatBytes(bytes)}
              </Text>
            </Group>
            {notes.map((note) => (
              <Text size="sm" key={note}>
                {note}
              </Text>
            ))}
          </li>
        ))}
      </Stack>
      {skipped.length > 0 ? (
        <Text size="sm" c="dimmed">
          {words.skipped(skipped.length)}
        </Text>
      ) : null}
      <Sample columns={columns} sample={sample} />
    </Stack>
  );
}

function Sample({ columns, sample }: Pick<Inspection, 'columns' | 'sample'>) {
  return (
    <Accordion variant="contained" chevronPosition="left" classNames={{ label: classes.label }}>
      <Accordion.Item value="sample">
        <Accordion.Control>{words.sample}</Accordion.Control>
        <Accordion.Panel>
          <ScrollArea type="auto" viewportProps={{ tabIndex: 0, 'aria-label': words.sample }}>
            <Table withColumnBorders fz="xs" miw={columns.length * 140}>
              <Table.Thead>
                <Table.Tr>
                  {columns.map(({ path, kind }) => (
                    <Table.Th key={path}>
                      {path}{' '}
                      <Text span size="xs" c="dimmed" fw={400}>
                        {kind}
                      </Text>
                    </Table.Th>
                  ))}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {sample.map(({ row, cells }) => (
                  <Table.Tr key={row}>
                    {cells.map((cell, index) => (
                      <Table.Td key={columns[index]?.path ?? index} className={classes.cell}>
                        {cell}
                      </Table.Td>
                    ))}
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </ScrollArea>
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}

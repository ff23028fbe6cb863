/** @file The exports of a project, newest first: each with what was found when it was loaded again. */
import { Accordion, Badge, Group, Stack, Text } from '@mantine/core';
import type { ListedExport } from '#contract/exports.ts';
import { PlainSection } from '#renderer/components/section.tsx';
import { exportWords } from '#renderer/words/export.ts';
import { MadeExportDetails } from './made-export-details.tsx';

const words = exportWords.made;

export interface MadeExportsProps {
  readonly projectId: number;
  readonly made: readonly ListedExport[];
  /** Id of the one whose details are shown. */
  readonly opened: string | null;
  readonly onOpen: (id: string | null) => void;
}

export function MadeExports({ projectId, made, opened, onOpen }: MadeExportsProps) {
  return (
    <PlainSection order={2} title={words.title}>
      {made.length === 0 ? (
        <Text size="sm" c="dimmed">
          {words.none}
        </Text>
      ) : (
        <Accordion variant="separated" order={3} value={opened} onChange={onOpen}>
          {made.map((one) => (
            <Accordion.Item key={one.id} value={one.id}>
              <Accordion.Control>
                <Heading made={one} />
              </Accordion.Control>
              <Accordion.Panel>{one.id === opened ? <MadeExportDetails projectId={projectId} made={one} /> : null}</Accordion.Panel>
            </Accordion.Item>
          ))}
        </Accordion>
      )}
    </PlainSection>
  );
}

function Heading({ made: { sourceName, form, dtype, folder, check, isThere, madeAt } }: { readonly made: ListedExport }) {
  return (
    <Group justify="space-between" wrap="nowrap" gap="sm" mr="xs">
      <Stack gap={0} miw={0}>
        <Text size="sm" fw={600} truncate>
          {folder.split(/[\\/]/).at(-1)}
        </Text>
        <Text size="sm" c="dimmed" truncate>
          {words.label(exportWords.form.names[form], dtype)} {words.from(sourceName, madeAt)}
        </Text>
      </Stack>
      <Group gap={6} wrap="nowrap" style={{ flexShrink: 0 }}>
        {isThere ? null : (
          <Badge variant="outline" color="gray" c="dimmed">
            {words.gone}
          </Badge>
        )}
        <CheckBadge check={check} />
      </Group>
    </Group>
  );
}

function CheckBadge({ check }: Pick<ListedExport, 'check'>) {
  if (check === null) {
    return (
      <Badge variant="outline" color="gray" c="dimmed">
        {words.notTried}
      </Badge>
    );
  }
  return check.isSame ? <Badge color="prospect.9">{words.verified}</Badge> : <Badge color="red.9">{words.notVerified}</Badge>;
}

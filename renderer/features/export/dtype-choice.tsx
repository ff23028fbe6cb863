/** @file How a GGUF file keeps its numbers. */
import { SegmentedControl, Stack, Text } from '@mantine/core';
import { ExportDtype } from '#contract/exports.ts';
import { exportWords } from '#renderer/words/export.ts';
import type { ExportDraft } from './use-export-draft.ts';

const words = exportWords.dtype;

export function DtypeChoice({ draft: { dtype, chooseDtype } }: { readonly draft: ExportDraft }) {
  return (
    <Stack gap={6} justify="center" px="sm">
      <Text size="sm" fw={500}>
        {words.label}
      </Text>
      <SegmentedControl
        aria-label={words.label}
        size="xs"
        w="fit-content"
        data={ExportDtype.options.map((value) => ({ value, label: words.names[value] }))}
        value={dtype}
        onChange={chooseDtype}
      />
      <Text size="xs" c="dimmed">
        {words.about[dtype]}
      </Text>
    </Stack>
  );
}

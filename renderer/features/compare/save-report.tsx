/** @file Takes the whole comparison away: where there is a dialog it is asked where to, a browser downloads it. */
import { Button, Menu, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { ReportFormat } from '#contract/comparisons.ts';
import type { AppError } from '#contract/errors.ts';
import { useClient } from '#renderer/api/hooks.ts';
import { Problem } from '#renderer/components/problem.tsx';
import { saveBlob } from '#renderer/components/save-blob.ts';
import { compareWords } from '#renderer/words/compare.ts';

const words = compareWords.report;
const TYPES = { html: 'text/html', csv: 'text/csv', json: 'application/json' } as const satisfies Record<ReportFormat, string>;

export function SaveReport({ projectId, isReady }: { readonly projectId: number; readonly isReady: boolean }) {
  const client = useClient();
  const [said, setSaid] = useState<string | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const save = async (format: ReportFormat): Promise<void> => {
    setSaid(null);
    setError(null);
    try {
      const { fileName, text } = await client.request('comparisons.report', { projectId, format });
      if (client.host === 'browser') {
        saveBlob(new Blob([text], { type: TYPES[format] }), fileName);
        return;
      }
      const {
        paths: [path],
      } = await client.request('files.pickTarget', { fileName });
      if (path === undefined) return;
      await client.request('comparisons.saveReport', { projectId, format, path });
      setSaid(words.saved(path));
    } catch (reason) {
      setError(reason as AppError);
    }
  };
  return (
    <Stack gap="xs" align="flex-start">
      <Menu position="bottom-start" withinPortal>
        <Menu.Target>
          <Button size="xs" variant="default" disabled={!isReady} title={isReady ? undefined : words.first}>
            {words.save}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {ReportFormat.options.map((format) => (
            <Menu.Item key={format} onClick={() => void save(format)}>
              {words.formats[format]}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {said === null ? null : (
        <Text size="sm" role="status">
          {said}
        </Text>
      )}
      {error ? <Problem error={error} /> : null}
    </Stack>
  );
}

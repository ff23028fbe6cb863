/** @file A version as a file for other programs: its format, where it goes, and what was written. */
import { Alert, Button, Group, Paper, SegmentedControl, Stack, Text, Title } from '@mantine/core';
import { useId, useState } from 'react';
import type { Dataset, Exported, Version } from '#contract/datasets.ts';
import { useTask } from '#renderer/api/use-task.ts';
import { Problem } from '#renderer/components/problem.tsx';
import { TargetFile } from '#renderer/components/target-file.tsx';
import { importWords } from '#renderer/words/import.ts';

const words = importWords.export;
const FORMATS = ['jsonl', 'csv', 'parquet'] as const;
type Format = (typeof FORMATS)[number];
const ENDING = /\.(?:jsonl|csv|parquet)$/i;

export interface ExportPanelProps {
  readonly dataset: Dataset;
  readonly version: Version;
  readonly onClose: () => void;
}

export function ExportPanel({ dataset: { name }, version, onClose }: ExportPanelProps) {
  const titleId = useId();
  const [format, setFormat] = useState<Format>('jsonl');
  const [typed, setTyped] = useState('');
  const [done, setDone] = useState<Exported | null>(null);
  const work = useTask('datasets.export');
  const [lastPath, setLastPath] = useState('');
  const write = async (path: string, replace: boolean): Promise<void> => {
    setDone(null);
    setLastPath(path);
    setDone(await work.start({ versionId: version.id, path, replace }));
  };
  return (
    <Paper withBorder p="md" component="section" aria-labelledby={titleId}>
      <Stack gap="sm">
        <Heading id={titleId} title={words.title(name, version.number)} onClose={onClose} />
        <Text size="sm" c="dimmed">
          {words.about}
        </Text>
        <FormatChoice
          format={format}
          onFormat={(next) => {
            setFormat(next);
            setTyped(typed.replace(ENDING, `.${next}`));
          }}
        />
        <TargetFile
          words={words}
          fileName={`${fileNameOf(name)}.${format}`}
          typed={typed}
          isBusy={work.isRunning}
          onTyped={(path) => {
            setTyped(path);
            setFormat(formatOf(path) ?? format);
          }}
          // A name that the dialog has not asked about may be there.
          onPath={(path, replace) => void (formatOf(path) ? write(path, replace) : write(`${path}.${format}`, false))}
        />
        {work.error ? <Problem error={work.error} /> : null}
        {work.error?.code === 'output-busy' ? (
          <Button size="xs" w="fit-content" variant="default" onClick={() => void write(lastPath, true)}>
            {words.replace}
          </Button>
        ) : null}
        {done ? <Done exported={done} /> : null}
      </Stack>
    </Paper>
  );
}

function Heading({ id, title, onClose }: { readonly id: string; readonly title: string; readonly onClose: () => void }) {
  return (
    <Group justify="space-between">
      <Title order={2} size="h5" id={id}>
        {title}
      </Title>
      <Button size="compact-sm" variant="default" onClick={onClose}>
        {words.close}
      </Button>
    </Group>
  );
}

interface FormatChoiceProps {
  readonly format: Format;
  readonly onFormat: (format: Format) => void;
}

function FormatChoice({ format, onFormat }: FormatChoiceProps) {
  return (
    <SegmentedControl
      size="xs"
      w="fit-content"
      aria-label={words.format}
      data={FORMATS.map((value) => ({ value, label: words.formats[value] }))}
      value={format}
      onChange={onFormat}
    />
  );
}

function Done({ exported: { path, rows, columns } }: { readonly exported: Exported }) {
  return (
    <Alert color="teal" role="status" py="xs">
      <Text size="sm">
        {words.done(rows, path)} {words.columns(columns)}
      </Text>
    </Alert>
  );
}

/** Null if the ending of the name says none. */
function formatOf(path: string): Format | null {
  return FORMATS.find((format) => path.trim().toLowerCase().endsWith(`.${format}`)) ?? null;
}

/** Without what no file system takes in a name. */
function fileNameOf(name: string): string {
  return name.replaceAll(/[\\/:*?"<>|]/g, '_').slice(0, 100);
}

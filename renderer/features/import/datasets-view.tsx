/** @file The datasets of a project: one is shown with its versions and rows, and more can be added. */
import { Alert, Button, Collapse, Group, Select, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { Dataset, Version } from '#contract/datasets.ts';
import type { FileReference } from '#contract/files.ts';
import type { Imported } from '#contract/imports.ts';
import { useRequest } from '#renderer/api/hooks.ts';
import { Problem } from '#renderer/components/problem.tsx';
import { importWords } from '#renderer/words/import.ts';
import { formatTime } from '#renderer/words/numbers.ts';
import { DatasetMenu } from './dataset-menu.tsx';
import { ExportPanel } from './export-panel.tsx';
import { FileDrop } from './file-drop.tsx';
import { ImportedNotice } from './imported-notice.tsx';
import { VersionRows } from './version-rows.tsx';

const words = importWords.toolbar;

export interface DatasetsViewProps {
  readonly datasets: readonly Dataset[];
  /** What the last import gave. */
  readonly imported: Imported | null;
  readonly onFiles: (files: readonly FileReference[]) => void;
}

export function DatasetsView({ datasets, imported, onFiles }: DatasetsViewProps) {
  const [datasetId, setDatasetId] = useState<number | null>(imported?.version.datasetId ?? null);
  const [versionId, setVersionId] = useState<number | null>(null);
  const [isAdding, setIsAdding] = useState(false);
  const dataset = datasets.find(({ id }) => id === datasetId) ?? datasets.at(-1);
  if (!dataset) return null;
  return (
    <Stack gap="sm">
      <Group align="end" gap="xs">
        <Select
          label={words.dataset}
          size="xs"
          w={240}
          data={datasets.map(({ id, name }) => ({ value: String(id), label: name }))}
          value={String(dataset.id)}
          allowDeselect={false}
          onChange={(id) => {
            setDatasetId(Number(id));
            setVersionId(null);
          }}
        />
        <VersionSelect dataset={dataset} versionId={versionId} onVersion={setVersionId} />
        <DatasetMenu dataset={dataset} />
        <Button
          size="xs"
          ml="auto"
          variant={isAdding ? 'default' : 'filled'}
          aria-expanded={isAdding}
          onClick={() => setIsAdding(!isAdding)}
        >
          {isAdding ? importWords.start.back : words.add}
        </Button>
      </Group>
      <Collapse expanded={isAdding}>{isAdding ? <FileDrop onFiles={onFiles} /> : null}</Collapse>
      {imported ? <ImportedNotice imported={imported} /> : null}
      <ChosenVersion dataset={dataset} versionId={versionId} onSaved={() => setVersionId(null)} />
    </Stack>
  );
}

interface VersionSelectProps {
  readonly dataset: Dataset;
  /** Null: the newest. */
  readonly versionId: number | null;
  readonly onVersion: (id: number | null) => void;
}

function VersionSelect({ dataset, versionId, onVersion }: VersionSelectProps) {
  const versions = useRequest('datasets.listVersions', { datasetId: dataset.id });
  const shown = versions.data ?? [dataset.version];
  return (
    <Select
      label={words.version}
      size="xs"
      w={240}
      data={shown.map(({ id, number, rowCount }) => ({ value: String(id), label: words.versionOption(number, rowCount) }))}
      value={String(versionId ?? dataset.version.id)}
      allowDeselect={false}
      onChange={(id) => onVersion(Number(id) === dataset.version.id ? null : Number(id))}
    />
  );
}

interface ChosenVersionProps {
  readonly dataset: Dataset;
  readonly versionId: number | null;
  readonly onSaved: () => void;
}

function ChosenVersion({ dataset, versionId, onSaved }: ChosenVersionProps) {
  const [isExporting, setIsExporting] = useState(false);
  const versions = useRequest('datasets.listVersions', { datasetId: dataset.id });
  if (versions.isError) return <Problem error={versions.error} />;
  const version = versionId === null ? dataset.version : (versions.data?.find(({ id }) => id === versionId) ?? dataset.version);
  return (
    <>
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <Summary dataset={dataset} version={version} />
        {isExporting ? null : (
          <Button size="xs" variant="default" flex="none" onClick={() => setIsExporting(true)}>
            {words.export}
          </Button>
        )}
      </Group>
      {isExporting ? (
        <ExportPanel key={`export ${version.id}`} dataset={dataset} version={version} onClose={() => setIsExporting(false)} />
      ) : null}
      {version.id === dataset.version.id ? null : (
        <Alert color="yellow" role="note" py="xs">
          <Text size="sm">{importWords.summary.oldVersion}</Text>
        </Alert>
      )}
      <VersionRows key={`rows ${version.id}`} dataset={dataset} version={version} onSaved={onSaved} />
    </>
  );
}

function Summary({ dataset: { kind }, version }: { readonly dataset: Dataset; readonly version: Version }) {
  const { summary } = importWords;
  const content = kind === 'pair' ? summary.pairs : summary.examples(version.desirableCount, version.undesirableCount);
  return (
    <Text size="sm" c="dimmed">
      {importWords.rows(version.rowCount)} · {content} · {version.origin} {formatTime(version.createdAt)}
    </Text>
  );
}

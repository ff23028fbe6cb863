/** @file Pairs: which rows are trained on, what is wrong with them, which prompts are held out, and how the labels weigh. */
import { Select, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { Dataset } from '#contract/datasets.ts';
import { useRequest } from '#renderer/api/hooks.ts';
import { BlockedStep } from '#renderer/components/blocked-step.tsx';
import { Loading } from '#renderer/components/loading.tsx';
import { Problem } from '#renderer/components/problem.tsx';
import type { StepScreenProps } from '#renderer/components/step-screen.ts';
import { pairsWords } from '#renderer/words/pairs.ts';
import { BalanceSection } from './balance-section.tsx';
import { CleanSection } from './clean-section.tsx';
import { ReportSection } from './report-section.tsx';
import { SplitSection } from './split-section.tsx';
import { UnpairSection } from './unpair-section.tsx';

export function PairsStep({ project: { id: projectId }, step, goTo }: StepScreenProps) {
  const datasets = useRequest('datasets.list', { projectId });
  const choices = useRequest('choices.get', { projectId });
  const [datasetId, setDatasetId] = useState<number | null>(null);
  const failed = datasets.error ?? choices.error;
  if (failed) return <Problem error={failed} />;
  if (!datasets.data || !choices.data) return <Loading what={pairsWords.loading} height={320} />;
  const { data: chosen } = choices.data;
  const byVersion = datasets.data.find(({ version }) => version.id === chosen?.versionId);
  const dataset = datasets.data.find(({ id }) => id === datasetId) ?? byVersion ?? datasets.data.at(-1);
  if (!dataset) return <BlockedStep step={step} goTo={goTo} {...pairsWords.blocked} />;
  const splitId = chosen?.versionId === dataset.version.id ? chosen.splitId : null;
  return (
    <Stack gap="md">
      <DatasetChoice datasets={datasets.data} chosen={dataset} onChoose={setDatasetId} />
      {/* Each section begins anew with another version. */}
      <Stack gap="md" key={dataset.version.id}>
        {dataset.kind === 'pair' ? <UnpairSection dataset={dataset} onMade={setDatasetId} /> : null}
        <CleanSection dataset={dataset} />
        <SplitSection projectId={projectId} dataset={dataset} splitId={splitId} />
        <BalanceSection projectId={projectId} dataset={dataset} splitId={splitId} />
        <ReportSection versionId={dataset.version.id} splitId={splitId} />
      </Stack>
    </Stack>
  );
}

interface DatasetChoiceProps {
  readonly datasets: readonly Dataset[];
  readonly chosen: Dataset;
  readonly onChoose: (id: number) => void;
}

function DatasetChoice({ datasets, chosen, onChoose }: DatasetChoiceProps) {
  return (
    <Stack gap={4}>
      <Select
        label={pairsWords.dataset}
        size="xs"
        maw={460}
        data={datasets.map(({ id, name, version }) => ({
          value: String(id),
          label: pairsWords.datasetOption(name, version.number, version.rowCount),
        }))}
        value={String(chosen.id)}
        allowDeselect={false}
        onChange={(id) => onChoose(Number(id))}
      />
      {chosen.kind === 'pair' ? (
        <Text size="xs" c="dimmed">
          {pairsWords.dpoNote}
        </Text>
      ) : null}
    </Stack>
  );
}

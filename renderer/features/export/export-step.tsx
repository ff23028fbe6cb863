/** @file Export: what to take away, as what and where; and what was taken away before. */
import { Stack } from '@mantine/core';
import { useState } from 'react';
import type { ExportSource, ListedExport } from '#contract/exports.ts';
import { useRequest } from '#renderer/api/hooks.ts';
import { BlockedStep } from '#renderer/components/blocked-step.tsx';
import { Loading } from '#renderer/components/loading.tsx';
import { Problem } from '#renderer/components/problem.tsx';
import type { StepScreenProps } from '#renderer/components/step-screen.ts';
import { exportWords } from '#renderer/words/export.ts';
import { ExportForm } from './export-form.tsx';
import { MadeExports } from './made-exports.tsx';

export function ExportStep(props: StepScreenProps) {
  const projectId = props.project.id;
  const sources = useRequest('exports.listSources', { projectId });
  const made = useRequest('exports.list', { projectId });
  const problem = sources.error ?? made.error;
  if (problem) return <Problem error={problem} />;
  if (!sources.data || !made.data) return <Loading what={exportWords.loading} height={200} />;
  const [first, ...others] = sources.data;
  return (
    <Stack gap="lg">
      {first ? (
        <Exporting projectId={projectId} sources={[first, ...others]} made={made.data} />
      ) : (
        <BlockedStep {...props} title={exportWords.empty.title} about={exportWords.empty.about} />
      )}
    </Stack>
  );
}

interface ExportingProps {
  readonly projectId: number;
  readonly sources: readonly [ExportSource, ...ExportSource[]];
  readonly made: readonly ListedExport[];
}

function Exporting({ projectId, sources, made }: ExportingProps) {
  const [opened, setOpened] = useState<string | null>(null);
  return (
    <>
      <ExportForm projectId={projectId} sources={sources} made={made} onMade={setOpened} />
      <MadeExports projectId={projectId} made={made} opened={opened} onOpen={setOpened} />
    </>
  );
}

/** @file Export: what to take away, as what and where; and what was taken away before. */
import { Stack } from '@mantine/core';
import { useState } from 'react';
import { useRequest } from '#renderer/api/hooks.ts';
import { BlockedStep } from '#renderer/components/blocked-step.tsx';
import { Loading } from '#renderer/components/loading.tsx';
import { Problem } from '#renderer/components/problem.tsx';
import { exportSourceKey } from '#renderer/components/step-keys.ts';
import type { StepScreenProps } from '#renderer/components/step-screen.ts';
import { useKeptState } from '#renderer/components/use-kept-state.ts';
import { exportWords } from '#renderer/words/export.ts';
import { ArchiveSection } from './archive-section.tsx';
import { BringIn } from './bring-in.tsx';
import { ExportForm } from './export-form.tsx';
import { MadeExports } from './made-exports.tsx';
import type { DraftParts } from './use-export-draft.ts';

export function ExportStep(props: StepScreenProps) {
  const projectId = props.project.id;
  const sources = useRequest('exports.listSources', { projectId });
  const made = useRequest('exports.list', { projectId });
  const [chosenId, chooseSource] = useKeptState(exportSourceKey(projectId), (text) => (text === '' ? null : Number(text)));
  const problem = sources.error ?? made.error;
  if (problem) return <Problem error={problem} />;
  if (!sources.data || !made.data) return <Loading what={exportWords.loading} height={200} />;
  const [first, ...others] = sources.data;
  return (
    <Stack gap="lg">
      {first ? (
        <Exporting projectId={projectId} sources={[first, ...others]} made={made.data} chosenId={chosenId} chooseSource={chooseSource} />
      ) : (
        <BlockedStep {...props} title={exportWords.empty.title} about={exportWords.empty.about} />
      )}
      <BringIn projectId={projectId} onBrought={chooseSource} />
      <ArchiveSection project={props.project} />
    </Stack>
  );
}

function Exporting(parts: DraftParts) {
  const { projectId, made } = parts;
  const [opened, setOpened] = useState<string | null>(null);
  return (
    <>
      <ExportForm {...parts} onMade={setOpened} />
      <MadeExports projectId={projectId} made={made} opened={opened} onOpen={setOpened} />
    </>
  );
}

/** @file Data: the project's datasets and their rows, and how more are added. */
import { useState } from 'react';
import type { FileReference } from '#contract/files.ts';
import type { Imported } from '#contract/imports.ts';
import { useClient, useRequest, useTold } from '#renderer/api/hooks.ts';
import { Loading } from '#renderer/components/loading.tsx';
import { Problem } from '#renderer/components/problem.tsx';
import type { StepScreenProps } from '#renderer/components/step-screen.ts';
import { importWords } from '#renderer/words/import.ts';
import { BadRowsReport } from './bad-rows-report.tsx';
import { DatasetsView } from './datasets-view.tsx';
import { FileDrop } from './file-drop.tsx';
import { ImportForm } from './import-form.tsx';
import { useOpenedFiles } from './use-opened-files.ts';

export function DataStep({ project: { id: projectId } }: StepScreenProps) {
  const client = useClient();
  const datasets = useRequest('datasets.list', { projectId });
  const waiting = useRequest('imports.listWaiting', { projectId });
  const [files, setFiles] = useState<readonly FileReference[] | null>(null);
  const [imported, setImported] = useState<Imported | null>(null);
  const begin = (chosen: readonly FileReference[]): void => {
    setImported(null);
    setFiles(chosen);
  };
  const end = (result: Imported | null): void => {
    setImported(result);
    setFiles(null);
  };
  useOpenedFiles(begin);
  useTold('app.menuChosen', ({ command }) => {
    if (command === 'import') void pick();
  });
  const pick = async (): Promise<void> => {
    const { paths } = await client.request('files.pick', { purpose: 'dataset' });
    if (paths.length > 0) begin(paths.map((path) => ({ path })));
  };
  const [first] = waiting.data ?? [];
  if (first) return <BadRowsReport waiting={first} />;
  if (files) return <ImportForm key={JSON.stringify(files)} projectId={projectId} files={files} onEnd={end} />;
  if (datasets.isError) return <Problem error={datasets.error} />;
  if (datasets.isPending) return <Loading what={importWords.loading} height={320} />;
  if (datasets.data.length === 0) return <FileDrop onFiles={begin} />;
  return <DatasetsView datasets={datasets.data} imported={imported} onFiles={begin} />;
}

/** @file From files to a dataset: what they are, how their columns become rows, and where these go. */
import { Button, Group, Stack, Title } from '@mantine/core';
import { useState } from 'react';
import type { FileReference } from '#contract/files.ts';
import type { Imported, Inspection, Mapping } from '#contract/imports.ts';
import { useClient, useRequest } from '#renderer/api/hooks.ts';
import { useTask } from '#renderer/api/use-task.ts';
import { Loading } from '#renderer/components/loading.tsx';
import { Problem } from '#renderer/components/problem.tsx';
import { importWords } from '#renderer/words/import.ts';
import { FileFacts } from './file-facts.tsx';
import { ImportTargetFields, useTarget } from './import-target-fields.tsx';
import classes from './import-form.module.css';
import { MappingChoice } from './mapping-choice.tsx';
import { MappingPreview } from './mapping-preview.tsx';

export interface ImportFormProps {
  readonly projectId: number;
  readonly files: readonly FileReference[];
  /** Null: nothing was imported. */
  readonly onEnd: (imported: Imported | null) => void;
}

const words = importWords.inspect;

export function ImportForm({ projectId, files, onEnd }: ImportFormProps) {
  const client = useClient();
  const inspection = useRequest('imports.inspect', { projectId, files: [...files] });
  const cancel = (): void => {
    for (const file of files) if ('upload' in file) void client.request('files.discardUpload', file);
    onEnd(null);
  };
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Title order={2} size="h4">
          {words.title}
        </Title>
        <Button variant="default" size="compact-sm" onClick={cancel}>
          {importWords.start.back}
        </Button>
      </Group>
      {inspection.isError ? <Problem error={inspection.error} /> : null}
      {inspection.isPending ? <Loading what={words.loading} height={240} /> : null}
      {inspection.data ? <Inspected projectId={projectId} files={files} inspection={inspection.data} onEnd={onEnd} /> : null}
    </Stack>
  );
}

function Inspected({ projectId, files, inspection, onEnd }: ImportFormProps & { readonly inspection: Inspection }) {
  const [first] = inspection.mappings;
  const [mapping, setMapping] = useState<Mapping>(first?.mapping ?? { shape: 'example' });
  const isOffered = inspection.mappings.some((offered) => JSON.stringify(offered.mapping) === JSON.stringify(mapping));
  const [target, setTarget, into] = useTarget(inspection.name);
  const start = useTask('imports.start');
  // Main tells files that the project has already; then the person may insist.
  const again = start.error?.details['versionId'] !== undefined;
  const run = async (): Promise<void> => {
    if (into === null) return;
    const imported = await start.start({ projectId, files: [...files], mapping, into, again });
    if (imported) onEnd(imported);
  };
  // How far it is, the frame shows.
  if (start.isRunning) return null;
  return (
    <>
      <FileFacts inspection={inspection} />
      <MappingChoice inspection={inspection} mapping={mapping} onMapping={setMapping} />
      <MappingPreview files={files} mapping={mapping} isOffered={isOffered} />
      <Stack gap="xs" className={classes.footer}>
        {start.error ? <Problem error={start.error} /> : null}
        <Group align="end" justify="space-between" wrap="nowrap">
          <ImportTargetFields projectId={projectId} mapping={mapping} target={target} onTarget={setTarget} inspection={inspection} />
          <Button onClick={() => void run()} disabled={into === null}>
            {again ? importWords.start.again : importWords.start.import}
          </Button>
        </Group>
      </Stack>
    </>
  );
}

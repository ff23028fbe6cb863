/** @file The whole project as one file: with or without weights, and where it goes. */
import { Alert, Button, Checkbox, Text } from '@mantine/core';
import { useState } from 'react';
import type { PackedProject } from '#contract/archives.ts';
import type { Project } from '#contract/projects.ts';
import { useTask } from '#renderer/api/use-task.ts';
import { Problem } from '#renderer/components/problem.tsx';
import { TargetFile } from '#renderer/components/target-file.tsx';
import { PlainSection } from '#renderer/components/section.tsx';
import { archiveWords } from '#renderer/words/archive.ts';

const words = archiveWords.write;

export function ArchiveSection({ project }: { readonly project: Project }) {
  const [hasWeights, setHasWeights] = useState(true);
  const [typed, setTyped] = useState('');
  const [lastPath, setLastPath] = useState('');
  const [packed, setPacked] = useState<PackedProject | null>(null);
  const work = useTask('archives.write');
  const write = async (path: string, replace: boolean): Promise<void> => {
    setPacked(null);
    setLastPath(path);
    setPacked(await work.start({ projectId: project.id, path, hasWeights, replace }));
  };
  return (
    <PlainSection order={2} title={words.title}>
      <Text size="sm" c="dimmed">
        {words.about}
      </Text>
      <Checkbox label={words.weights} checked={hasWeights} onChange={({ currentTarget }) => setHasWeights(currentTarget.checked)} />
      <TargetFile
        words={words}
        fileName={`${project.name.replaceAll(/[\\/:*?"<>|]/g, '_')}.prospect`}
        typed={typed}
        isBusy={work.isRunning}
        onTyped={setTyped}
        // A name that the dialog has not asked about may be there.
        onPath={(path, isAskedAbout) => void write(path, isAskedAbout && path.endsWith('.prospect'))}
      />
      {work.error ? <Problem error={work.error} /> : null}
      {work.error?.code === 'output-busy' && lastPath !== '' ? (
        <Button size="xs" w="fit-content" variant="default" onClick={() => void write(lastPath, true)}>
          {words.replace}
        </Button>
      ) : null}
      {packed ? (
        <Alert color="teal" role="status" py="xs">
          <Text size="sm">{words.done(packed.path, packed.bytes)}</Text>
        </Alert>
      ) : null}
    </PlainSection>
  );
}

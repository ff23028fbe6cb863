/** @file The next export: of what, as what and where; and the button. */
import { Button, Group, Select, Stack, Text } from '@mantine/core';
import { useRequestOf } from '#renderer/api/hooks.ts';
import { useTask } from '#renderer/api/use-task.ts';
import { Problem } from '#renderer/components/problem.tsx';
import { PlainSection } from '#renderer/components/section.tsx';
import { exportWords } from '#renderer/words/export.ts';
import { FormCards } from './form-cards.tsx';
import { Place } from './place.tsx';
import { useExportDraft, type DraftParts, type ExportDraft } from './use-export-draft.ts';

export interface ExportFormProps extends DraftParts {
  /** @param id - of the export that was made */
  readonly onMade: (id: string) => void;
}

export function ExportForm({ onMade, ...parts }: ExportFormProps) {
  const { projectId, sources, made } = parts;
  const draft = useExportDraft(parts);
  const { source, form, dtype, name } = draft;
  const parent = draft.parent.trim();
  const wanted = { projectId, adapterId: source.adapterId, form, dtype, name };
  const plan = useRequestOf('exports.plan', {
    input: { ...wanted, parent: parent === '' ? null : parent },
    dependsOn: [source.problem, made.length],
  });
  const work = useTask('exports.start');
  const start = async (): Promise<void> => {
    const result = await work.start({ ...wanted, parent });
    if (!result) return;
    draft.chooseName(null);
    onMade(result.id);
  };
  return (
    <Stack gap="lg">
      <SourceChoice sources={sources} draft={draft} />
      {source.problem === null ? (
        <>
          <FormCards draft={draft} />
          <Place draft={draft} plan={plan} />
          {work.error ? <Problem error={work.error} /> : null}
          <Group>
            <Button onClick={() => void start()} loading={work.isRunning} disabled={(plan.data?.folder ?? null) === null || plan.isError}>
              {exportWords.start}
            </Button>
          </Group>
        </>
      ) : (
        <Problem error={new Error(source.problem)} />
      )}
    </Stack>
  );
}

function SourceChoice({ sources, draft: { source, chooseSource } }: Pick<DraftParts, 'sources'> & { readonly draft: ExportDraft }) {
  const words = exportWords.source;
  return (
    <PlainSection order={2} gap={6} title={words.title}>
      <Select
        aria-label={words.label}
        maw={480}
        allowDeselect={false}
        data={sources.map(({ adapterId, name, method, createdAt }) => ({
          value: String(adapterId),
          label: words.option(name, method, createdAt),
        }))}
        value={String(source.adapterId)}
        onChange={(value) => value !== null && chooseSource(Number(value))}
      />
      <Text size="sm" c="dimmed">
        {source.modelName === null ? words.noModel : words.model(source.modelName)}
      </Text>
    </PlainSection>
  );
}

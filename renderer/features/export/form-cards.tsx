/** @file The forms an export can have, as cards that say what each is for. */
import { Group, Radio, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { ExportForm } from '#contract/exports.ts';
import { exportWords } from '#renderer/words/export.ts';
import { DtypeChoice } from './dtype-choice.tsx';
import classes from './form-cards.module.css';
import type { ExportDraft } from './use-export-draft.ts';

const words = exportWords.form;

export function FormCards({ draft }: { readonly draft: ExportDraft }) {
  const { source, form, chooseForm } = draft;
  return (
    <Stack gap={6} component="section" aria-label={words.title}>
      <Title order={2} size="h5">
        {words.title}
      </Title>
      <Radio.Group
        aria-label={words.label}
        value={form}
        onChange={(value) => {
          const chosen = ExportForm.safeParse(value);
          if (chosen.success) chooseForm(chosen.data);
        }}
      >
        <SimpleGrid cols={3} spacing="sm">
          {ExportForm.options.map((option) => (
            <FormCard key={option} form={option} isChosen={option === form} problem={option === 'trl-job' ? source.jobProblem : null} />
          ))}
          {form === 'gguf' || form === 'gguf-lora' ? <DtypeChoice draft={draft} /> : null}
        </SimpleGrid>
      </Radio.Group>
    </Stack>
  );
}

interface FormCardProps {
  readonly form: ExportForm;
  readonly isChosen: boolean;
  /** Why it can't be chosen; null if it can. */
  readonly problem: string | null;
}

function FormCard({ form, isChosen, problem }: FormCardProps) {
  return (
    <Radio.Card value={form} className={classes.card} data-chosen={isChosen || undefined} disabled={problem !== null} p="sm" radius="md">
      <Group wrap="nowrap" align="flex-start" gap="xs">
        <Radio.Indicator mt={3} size="xs" disabled={problem !== null} />
        <Stack gap={2}>
          <Text size="sm" fw={600}>
            {words.names[form]}
          </Text>
          <Text size="xs" c="dimmed" lh={1.45}>
            {problem ?? words.about[form]}
          </Text>
        </Stack>
      </Group>
    </Radio.Card>
  );
}

/** @file The forms an export can have, as cards that say what each is for. */
import { Radio, SimpleGrid } from '@mantine/core';
import { ExportForm } from '#contract/exports.ts';
import { ChoiceCard } from '#renderer/components/choice-card.tsx';
import { PlainSection } from '#renderer/components/section.tsx';
import { exportWords } from '#renderer/words/export.ts';
import { DtypeChoice } from './dtype-choice.tsx';
import type { ExportDraft } from './use-export-draft.ts';

const words = exportWords.form;

export function FormCards({ draft }: { readonly draft: ExportDraft }) {
  const { source, form, chooseForm } = draft;
  return (
    <PlainSection order={2} gap={6} title={words.title}>
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
            <ChoiceCard
              key={option}
              value={option}
              title={words.names[option]}
              about={words.about[option]}
              problem={option === 'trl-job' ? source.jobProblem : null}
            />
          ))}
          {form === 'gguf' || form === 'gguf-lora' ? <DtypeChoice draft={draft} /> : null}
        </SimpleGrid>
      </Radio.Group>
    </PlainSection>
  );
}

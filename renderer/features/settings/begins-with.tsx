/** @file The adapter that the next run begins with: a fresh one, or one of the project that is trained further. */
import { NativeSelect, Text } from '@mantine/core';
import type { AdapterSummary } from '#contract/adapters.ts';
import type { Choices } from '#contract/choices.ts';
import { useRequest } from '#renderer/api/hooks.ts';
import { Problem } from '#renderer/components/problem.tsx';
import { useSetChoices } from '#renderer/components/use-set-choices.ts';
import { settingsWords } from '#renderer/words/settings.ts';

const words = settingsWords.beginsWith;

/** Nothing as long as there is nothing to choose. */
export function BeginsWith({ projectId, choices: { adapterId, modelFolder } }: { readonly projectId: number; readonly choices: Choices }) {
  const { data = [], isSuccess } = useRequest('adapters.list', { projectId });
  const { set, error } = useSetChoices(projectId);
  if (!isSuccess || (data.length === 0 && adapterId === null)) return null;
  const isGone = adapterId !== null && !data.some(({ id }) => id === adapterId);
  return (
    <section aria-label={words.title}>
      <NativeSelect
        label={words.title}
        maw={420}
        value={adapterId === null ? '' : String(adapterId)}
        onChange={({ currentTarget: { value } }) => set({ adapterId: value === '' ? null : Number(value) })}
        data={[
          { value: '', label: words.fresh },
          ...(isGone ? [{ value: String(adapterId), label: words.gone }] : []),
          ...data.map((adapter) => ({ value: String(adapter.id), label: labelOf(adapter, modelFolder) })),
        ]}
      />
      <Text size="xs" c="dimmed" mt={4}>
        {words.about}
      </Text>
      {error ? <Problem error={error} /> : null}
    </section>
  );
}

function labelOf({ name, modelName, modelFolder }: AdapterSummary, chosen: string | null): string {
  return modelFolder === null || modelFolder === chosen ? name : words.otherModel(name, modelName ?? modelFolder);
}

/** @file Where imported rows go: a new dataset, or the next version of one of the same kind. */
import { Group, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ImportTarget, Inspection, Mapping } from '#contract/imports.ts';
import { useRequest } from '#renderer/api/hooks.ts';
import { importWords } from '#renderer/words/import.ts';

const words = importWords.start;

interface Target {
  /** `new`, or `append` or `replace` and the dataset's id. */
  readonly where: string;
  readonly name: string;
}

/** @returns what the fields hold, how to set it, and what it means; null if it means nothing yet */
export function useTarget(suggestedName: string): readonly [Target, (target: Target) => void, ImportTarget | null] {
  const [target, setTarget] = useState<Target>({ where: 'new', name: suggestedName });
  return [target, setTarget, targetOf(target)];
}

function targetOf({ where, name }: Target): ImportTarget | null {
  const [rows, id] = where.split(' ');
  if (rows === 'append' || rows === 'replace') return { datasetId: Number(id), rows };
  return name.trim() === '' ? null : { name };
}

export interface ImportTargetFieldsProps {
  readonly projectId: number;
  readonly mapping: Mapping;
  readonly inspection: Inspection;
  readonly target: Target;
  readonly onTarget: (target: Target) => void;
}

export function ImportTargetFields({ projectId, mapping, inspection, target, onTarget }: ImportTargetFieldsProps) {
  const datasets = useRequest('datasets.list', { projectId });
  const kind = inspection.mappings.find((offered) => offered.mapping.shape === mapping.shape)?.kind ?? null;
  const fitting = (datasets.data ?? []).filter((dataset) => kind === null || dataset.kind === kind);
  const choices = [
    { value: 'new', label: words.newDataset },
    ...fitting.flatMap(({ id, name }) => [
      { value: `append ${id}`, label: words.append(name) },
      { value: `replace ${id}`, label: words.replace(name) },
    ]),
  ];
  return (
    <Group align="end" gap="xs" flex={1}>
      {fitting.length === 0 ? null : (
        <Select
          label={words.into}
          size="xs"
          w={260}
          data={choices}
          value={target.where}
          allowDeselect={false}
          onChange={(where) => onTarget({ ...target, where: where ?? 'new' })}
        />
      )}
      {target.where === 'new' ? (
        <TextInput
          label={words.name}
          size="xs"
          flex={1}
          maw={320}
          value={target.name}
          onChange={({ currentTarget }) => onTarget({ ...target, name: currentTarget.value })}
        />
      ) : null}
    </Group>
  );
}

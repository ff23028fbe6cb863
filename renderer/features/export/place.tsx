/** @file Where an export goes: a folder by the system's dialog or its path, a name for the new one in it, and whether it fits there. */
import { Button, Code, Group, Text, TextInput } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { AppError } from '#contract/errors.ts';
import type { RequestOutput } from '#contract/index.ts';
import { useClient, useSend } from '#renderer/api/hooks.ts';
import { Problem } from '#renderer/components/problem.tsx';
import { PlainSection } from '#renderer/components/section.tsx';
import { exportWords } from '#renderer/words/export.ts';
import type { ExportDraft } from './use-export-draft.ts';

const words = exportWords.place;
type Plan = RequestOutput<'exports.plan'>;

export interface PlaceProps {
  readonly draft: ExportDraft;
  readonly plan: UseQueryResult<Plan, AppError>;
}

export function Place({ draft, plan }: PlaceProps) {
  const { parent, name, form, chooseParent, chooseName } = draft;
  const { host } = useClient();
  const pick = useSend('files.pick');
  const pickFolder = (): void =>
    pick.mutate(
      { purpose: 'export-folder' },
      {
        onSuccess: ({ paths: [folder] }) => {
          if (folder !== undefined) chooseParent(folder);
        },
      },
    );
  return (
    <PlainSection order={2} title={words.title}>
      <Group align="flex-end" gap="sm" wrap="nowrap">
        {host === 'electron' ? (
          <Button variant="default" onClick={pickFolder} loading={pick.isPending}>
            {words.pick}
          </Button>
        ) : null}
        <TextInput
          flex={2}
          label={host === 'electron' ? words.orParent : words.parent}
          placeholder={words.placeholder}
          value={parent}
          onChange={({ currentTarget }) => chooseParent(currentTarget.value)}
        />
        <TextInput flex={1} label={words.name} value={name} onChange={({ currentTarget }) => chooseName(currentTarget.value)} />
      </Group>
      {plan.isError ? <Problem error={plan.error} /> : null}
      {plan.data && !plan.isError ? <PlanText plan={plan.data} /> : null}
      <Text size="sm" c="dimmed">
        {form === 'trl-job' ? words.notChecked : words.afterwards}
      </Text>
    </PlainSection>
  );
}

function PlanText({ plan: { neededBytes, cacheBytes, freeBytes, folder, problem } }: { readonly plan: Plan }) {
  if (problem !== null) return <Problem error={new Error(problem)} />;
  return (
    <Text size="sm" role="status">
      {words.needs(neededBytes, freeBytes)} {cacheBytes > 0 ? words.cache(cacheBytes) : null}{' '}
      {folder === null ? null : (
        <>
          {words.into} <Code>{folder}</Code>
        </>
      )}
    </Text>
  );
}

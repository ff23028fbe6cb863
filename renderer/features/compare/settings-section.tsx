/** @file The settings of the chosen runs, those that differ first. */
import { Button, Code, Table, Text } from '@mantine/core';
import { useState } from 'react';
import type { SettingDifference } from '#contract/comparisons.ts';
import { useRequest } from '#renderer/api/hooks.ts';
import { Loading } from '#renderer/components/loading.tsx';
import { Problem } from '#renderer/components/problem.tsx';
import { Section } from '#renderer/components/section.tsx';
import { compareWords } from '#renderer/words/compare.ts';
import { RunName, type ChosenRun } from './run-colour.tsx';

const words = compareWords.settings;

export function SettingsSection({ runs }: { readonly runs: readonly ChosenRun[] }) {
  const settings = useRequest('comparisons.readSettings', { runIds: runs.map(({ id }) => id) });
  return (
    <Section title={words.title}>
      {settings.isError ? <Problem error={settings.error} /> : null}
      {settings.isPending ? <Loading what={words.loading} height={120} /> : null}
      {settings.data ? <Differences runs={runs} settings={settings.data} /> : null}
    </Section>
  );
}

interface DifferencesProps {
  readonly runs: readonly ChosenRun[];
  readonly settings: readonly SettingDifference[];
}

function Differences({ runs, settings }: DifferencesProps) {
  const [showsSame, setShowsSame] = useState(false);
  const differing = settings.filter(({ differs }) => differs);
  const shown = showsSame ? settings : differing;
  return (
    <>
      <Text size="sm">{differing.length === 0 ? words.same : words.differ(differing.length)}</Text>
      {shown.length === 0 ? null : (
        <Table verticalSpacing={4} aria-label={words.title}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{words.setting}</Table.Th>
              {runs.map(({ id, name }, place) => (
                <Table.Th key={id}>
                  <RunName name={name} place={place} />
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map(({ name, values, differs }) => (
              <Table.Tr key={name} {...(differs ? {} : { c: 'dimmed' })}>
                <Table.Td>
                  <Code>{name}</Code>
                </Table.Td>
                {runs.map(({ id }, place) => (
                  <Table.Td key={id} style={{ overflowWrap: 'anywhere' }}>
                    {values[place] ?? words.none}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      <Button size="compact-sm" variant="subtle" color="gray" w="fit-content" onClick={() => setShowsSame(!showsSame)}>
        {showsSame ? words.hideSame : words.showSame(settings.length - differing.length)}
      </Button>
    </>
  );
}

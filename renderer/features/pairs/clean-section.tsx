/** @file Duplicates, contradictions and empty answers: what was found, what is chosen, and the version that comes of it. */
import { Button, Group, List, SegmentedControl, SimpleGrid, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { Dataset } from '#contract/datasets.ts';
import type { CleaningChoices, Survey } from '#contract/pairs.ts';
import { useTask } from '#renderer/api/use-task.ts';
import { Problem } from '#renderer/components/problem.tsx';
import { pairsWords } from '#renderer/words/pairs.ts';
import { ConflictList } from './conflict-list.tsx';
import { Section } from '#renderer/components/section.tsx';

const words = pairsWords.clean;

const FIRST_CHOICES: CleaningChoices = { duplicates: 'merge', compare: 'near', conflicts: 'ask', emptyAnswers: 'leave-out', decisions: [] };

export function CleanSection({ dataset: { version } }: { readonly dataset: Dataset }) {
  const [choices, setChoices] = useState(FIRST_CHOICES);
  const [found, setFound] = useState<Survey | null>(null);
  const survey = useTask('pairs.survey');
  const clean = useTask('pairs.clean');
  const look = async (next: CleaningChoices): Promise<void> => {
    setChoices(next);
    const report = await survey.start({ versionId: version.id, choices: next });
    if (report) setFound(report);
  };
  return (
    <Section title={words.title} about={words.about}>
      {survey.error ? <Problem error={survey.error} /> : null}
      {found ? (
        <Findings found={found} choices={choices} onChoices={(next) => void look(next)} />
      ) : (
        <Button size="xs" variant="default" w="fit-content" loading={survey.isRunning} onClick={() => void look(choices)}>
          {words.look}
        </Button>
      )}
      {clean.error ? <Problem error={clean.error} /> : null}
      {found && found.kept < found.rows ? (
        <Group gap="sm">
          <Button size="xs" loading={clean.isRunning} onClick={() => void clean.start({ versionId: version.id, choices })}>
            {words.apply(version.number + 1)}
          </Button>
          <Text size="sm">
            {words.kept(found.kept, found.rows)} {found.counts.pending > 0 ? words.pendingNote : ''}
          </Text>
        </Group>
      ) : null}
    </Section>
  );
}

interface FindingsProps {
  readonly found: Survey;
  readonly choices: CleaningChoices;
  readonly onChoices: (choices: CleaningChoices) => void;
}

function Findings({ found, choices, onChoices }: FindingsProps) {
  const { counts, conflictCount } = found;
  const kinds = (Object.keys(counts) as (keyof Survey['counts'])[]).filter((kind) => counts[kind] > 0);
  const isClean = found.kept === found.rows && conflictCount === 0 && choices.duplicates === 'merge';
  if (isClean) return <Text size="sm">{words.nothing(found.rows)}</Text>;
  return (
    <Stack gap="sm">
      <List size="sm" spacing={2}>
        {kinds.map((kind) => (
          <List.Item key={kind}>{words.found[kind](counts[kind])}</List.Item>
        ))}
      </List>
      <Decisions choices={choices} onChoices={onChoices} />
      {conflictCount > 0 ? (
        <ConflictList
          conflicts={found.conflicts}
          count={conflictCount}
          onDecide={(key, decision) =>
            onChoices({ ...choices, decisions: [...choices.decisions.filter((decided) => decided.key !== key), { key, decision }] })
          }
        />
      ) : null}
      <Repeated found={found} />
    </Stack>
  );
}

function Decisions({ choices, onChoices }: Omit<FindingsProps, 'found'>) {
  return (
    <SimpleGrid cols={2} spacing="xs" verticalSpacing="xs">
      <Choice
        words={words.duplicates}
        values={['merge', 'keep']}
        value={choices.duplicates}
        onValue={(duplicates) => onChoices({ ...choices, duplicates })}
      />
      <Choice
        words={words.compare}
        values={['near', 'exact']}
        value={choices.compare}
        onValue={(compare) => onChoices({ ...choices, compare, decisions: [] })}
      />
      <Choice
        words={words.conflicts}
        values={['ask', 'majority', 'neither']}
        value={choices.conflicts}
        onValue={(conflicts) => onChoices({ ...choices, conflicts })}
      />
      <Choice
        words={words.emptyAnswers}
        values={['leave-out', 'keep']}
        value={choices.emptyAnswers}
        onValue={(emptyAnswers) => onChoices({ ...choices, emptyAnswers })}
      />
    </SimpleGrid>
  );
}

interface ChoiceProps<T extends string> {
  readonly words: { readonly label: string } & Readonly<Record<T, string>>;
  readonly values: readonly T[];
  readonly value: T;
  readonly onValue: (value: T) => void;
}

function Choice<T extends string>({ words: { label, ...labels }, values, value, onValue }: ChoiceProps<T>) {
  const named = labels as unknown as Readonly<Record<T, string>>;
  return (
    <Stack gap={2}>
      <Text size="xs" fw={500}>
        {label}
      </Text>
      <SegmentedControl
        size="xs"
        aria-label={label}
        data={values.map((one) => ({ value: one, label: named[one] }))}
        value={value}
        onChange={onValue}
      />
    </Stack>
  );
}

function Repeated({ found: { mostRepeated } }: Pick<FindingsProps, 'found'>) {
  if (mostRepeated.length === 0) return null;
  return (
    <Stack gap={2}>
      <Text size="xs" fw={500}>
        {words.repeated}
      </Text>
      {mostRepeated.map(({ rows, row }) => (
        <Text size="sm" key={row.id} truncate>
          <Text span c="dimmed">
            {words.times(rows)}
          </Text>{' '}
          {row.prompt} → {row.completion}
        </Text>
      ))}
    </Stack>
  );
}

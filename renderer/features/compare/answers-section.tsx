/** @file The same prompts answered by the base model and by each run with one seed, side by side. */
import { Button, Group, Paper, Stack, Text } from '@mantine/core';
import type { MeasureSettings, ShownAnswer, SideBySide } from '#contract/comparisons.ts';
import { useRequest } from '#renderer/api/hooks.ts';
import { Loading } from '#renderer/components/loading.tsx';
import { Problem } from '#renderer/components/problem.tsx';
import { Section } from '#renderer/components/section.tsx';
import { useKeptState } from '#renderer/components/use-kept-state.ts';
import { compareWords } from '#renderer/words/compare.ts';
import classes from './compare.module.css';
import { RunName, type ChosenRun } from './run-colour.tsx';
import { MORE_PROMPTS, useMoreAnswers } from './use-more-answers.ts';

const words = compareWords.answers;

export interface AnswersSectionProps {
  readonly projectId: number;
  readonly runs: readonly ChosenRun[];
  readonly settings: MeasureSettings;
}

export function AnswersSection({ projectId, runs, settings }: AnswersSectionProps) {
  const answers = useRequest('comparisons.listAnswers', { projectId });
  const more = useMoreAnswers(projectId, settings);
  const [shown, show] = useKeptState(`answers of project ${projectId} are shown`, (text) => (text === 'yes' ? 'yes' : null));
  const { data } = answers;
  const isThere =
    data !== undefined && data.prompts.some(({ base, runs: given }) => base !== null || given.some((answer) => answer !== null));
  return (
    <Section title={words.title} about={words.about}>
      {answers.isError ? <Problem error={answers.error} /> : null}
      {answers.isPending ? <Loading what={words.loading} height={120} /> : null}
      {more.error ? <Problem error={more.error} /> : null}
      {data && data.prompts.length === 0 ? <Text size="sm">{words.none}</Text> : null}
      {isThere && shown === null ? (
        <Button size="xs" variant="default" w="fit-content" onClick={() => show('yes')}>
          {words.show}
        </Button>
      ) : null}
      {isThere && shown !== null ? <Prompts answers={data} runs={runs} /> : null}
      {data && data.prompts.length > 0 ? <Ask answers={data} more={more} /> : null}
    </Section>
  );
}

function Ask({
  answers: { missing, more: left },
  more,
}: {
  readonly answers: SideBySide;
  readonly more: ReturnType<typeof useMoreAnswers>;
}) {
  const count = Math.min(MORE_PROMPTS, left);
  if (missing === 0 && count === 0) return null;
  return (
    <Group gap="sm">
      <Button
        size="xs"
        variant={missing > 0 ? 'filled' : 'default'}
        loading={more.isRunning}
        onClick={() => void more.ask(missing > 0 ? 0 : count)}
      >
        {missing > 0 ? words.ask : words.more(count)}
      </Button>
      <Text size="sm" role="status">
        {more.isRunning ? words.running : missing > 0 ? words.missing(missing) : ''}
      </Text>
    </Group>
  );
}

function Prompts({ answers: { prompts, runIds }, runs }: { readonly answers: SideBySide; readonly runs: readonly ChosenRun[] }) {
  return prompts.map(({ prompt, base, runs: given }, number) => (
    // Prompts are a list that only grows at its end.
    <Paper key={`${number}`} withBorder p="sm" component="article" aria-label={words.prompt(number + 1)}>
      <Text size="sm" c="dimmed" className={classes['answer']} mb="xs">
        {prompt}
      </Text>
      <div className={classes['columns']}>
        <Answer name={compareWords.measured.base} place={null} answer={base} />
        {runIds.map((id, index) => {
          const place = runs.findIndex((run) => run.id === id);
          return <Answer key={id} name={runs[place]?.name ?? ''} place={place} answer={given[index] ?? null} />;
        })}
      </div>
    </Paper>
  ));
}

interface AnswerProps {
  readonly name: string;
  /** Of the run among the chosen ones; null for the base model. */
  readonly place: number | null;
  readonly answer: ShownAnswer | null;
}

function Answer({ name, place, answer }: AnswerProps) {
  return (
    <Stack gap={2}>
      <Group justify="space-between" gap="xs" fz="sm">
        {place === null ? <Text fz="sm">{name}</Text> : <RunName name={name} place={place} />}
        {answer && answer.text !== null ? (
          <Text size="xs" c="dimmed">
            {words.tokens(answer.tokens, answer.isWhole)}
          </Text>
        ) : null}
      </Group>
      <AnswerText answer={answer} />
    </Stack>
  );
}

function AnswerText({ answer }: { readonly answer: ShownAnswer | null }) {
  const said = answer === null ? words.open : answer.text === null ? words.tooLong : answer.text.trim() === '' ? words.empty : null;
  return (
    <Text size="sm" className={classes['answer']} {...(said === null ? {} : { c: 'dimmed' })}>
      {said ?? answer?.text}
    </Text>
  );
}

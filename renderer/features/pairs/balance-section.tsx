/** @file How many examples have which label, what can be done about unequal numbers, and how well batches mix them. */
import { Badge, Button, Group, Paper, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { GivenSettings } from '#contract/choices.ts';
import type { Dataset } from '#contract/datasets.ts';
import type { AppError } from '#contract/errors.ts';
import type { Balance, BalanceChoice } from '#contract/pairs.ts';
import { useClient, useRequest, useSend } from '#renderer/api/hooks.ts';
import { useTask } from '#renderer/api/use-task.ts';
import { Loading } from '#renderer/components/loading.tsx';
import { Problem } from '#renderer/components/problem.tsx';
import { pairsWords } from '#renderer/words/pairs.ts';
import classes from './pairs.module.css';
import { Section } from '#renderer/components/section.tsx';

const words = pairsWords.balance;

export interface BalanceSectionProps {
  readonly projectId: number;
  readonly dataset: Dataset;
  readonly splitId: number | null;
}

export function BalanceSection({ projectId, dataset, splitId }: BalanceSectionProps) {
  if (dataset.kind === 'pair') {
    return (
      <Section title={words.title}>
        <Text size="sm">{words.pairs}</Text>
      </Section>
    );
  }
  return <ExamplesBalance projectId={projectId} versionId={dataset.version.id} splitId={splitId} />;
}

interface Part {
  readonly projectId: number;
  readonly versionId: number;
  readonly splitId: number | null;
}

function ExamplesBalance(part: Part) {
  const client = useClient();
  const balance = useQuery<Balance, AppError>({
    queryKey: ['pairs.balance', part],
    queryFn: () => client.request('pairs.balance', { ...part }),
  });
  return (
    <Section title={words.title}>
      {balance.isError ? <Problem error={balance.error} /> : null}
      {balance.isPending ? <Loading what={words.loading} height={120} /> : null}
      {balance.data ? <Shown balance={balance.data} {...part} /> : null}
    </Section>
  );
}

function Shown({ balance, ...part }: Part & { readonly balance: Balance }) {
  const { counts, choices, mixing } = balance;
  const all = Math.max(1, counts.desirable + counts.undesirable);
  const text = words.bar(counts.desirable, counts.undesirable);
  return (
    <>
      <div className={classes.bar} role="img" aria-label={text}>
        <div className={classes['desirable']} style={{ width: `${(counts.desirable / all) * 100}%` }} />
        <div className={classes['undesirable']} style={{ width: `${(counts.undesirable / all) * 100}%` }} />
      </div>
      <Text size="sm">{text}</Text>
      <Stack gap="xs">
        {choices.map((choice) => (
          <ChoiceCard key={choice.kind} choice={choice} balance={balance} {...part} />
        ))}
      </Stack>
      <Text size="sm">{words.mixing(mixing.mixed, mixing.batches, mixing.batchSize)}</Text>
      {mixing.reasons.map((reason) => (
        <Text size="sm" c="dimmed" key={reason}>
          {reason}
        </Text>
      ))}
    </>
  );
}

interface ChoiceCardProps extends Part {
  readonly choice: BalanceChoice;
  readonly balance: Balance;
}

function ChoiceCard({ choice, balance, projectId, versionId, splitId }: ChoiceCardProps) {
  const { kind, desirableWeight, undesirableWeight, ratio, isAdvised, sentence } = choice;
  const given = useRequest('choices.get', { projectId });
  const save = useSend('choices.set');
  const subsample = useTask('pairs.subsample');
  const isInUse = kind !== 'subsample' && balance.desirableWeight === desirableWeight && balance.undesirableWeight === undesirableWeight;
  const use = (): void => {
    if (kind === 'subsample') void subsample.start({ projectId, versionId, splitId });
    else save.mutate({ projectId, changes: { settings: withWeights(given.data?.settings ?? {}, choice) } });
  };
  const error = save.error ?? subsample.error;
  return (
    <Paper withBorder p="xs" role="group" aria-label={words.kinds[kind]}>
      <Group wrap="nowrap" justify="space-between">
        <Stack gap={2}>
          <Group gap="xs">
            <Text size="sm" fw={500}>
              {words.kinds[kind]}
            </Text>
            {isAdvised ? (
              <Badge size="sm" variant="light" c="var(--mantine-color-text)" tt="none">
                {words.advised}
              </Badge>
            ) : null}
          </Group>
          <Text size="sm">{sentence}</Text>
          {kind === 'leave' ? null : (
            <Text size="xs" c="dimmed">
              {words.weights(desirableWeight, undesirableWeight)}
              {ratio === null ? '' : ` · ${words.ratio(ratio)}`}
            </Text>
          )}
        </Stack>
        <Button
          size="compact-sm"
          variant={isAdvised && !isInUse ? 'filled' : 'default'}
          disabled={isInUse || !given.data}
          loading={save.isPending || subsample.isRunning}
          onClick={use}
        >
          {isInUse ? words.inUse : words.use}
        </Button>
      </Group>
      {error ? <Problem error={error} /> : null}
    </Paper>
  );
}

/** Weights of 1 are the default, which is not kept. */
function withWeights(settings: GivenSettings, { desirableWeight, undesirableWeight }: BalanceChoice): GivenSettings {
  const { desirable_weight: _desirable, undesirable_weight: _undesirable, ...others } = settings;
  return {
    ...others,
    ...(desirableWeight === 1 ? {} : { desirable_weight: desirableWeight }),
    ...(undesirableWeight === 1 ? {} : { undesirable_weight: undesirableWeight }),
  };
}

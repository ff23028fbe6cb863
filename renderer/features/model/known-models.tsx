/** @file Models that were used before, and the one that comes with Prospect. */
import { Badge, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { KnownModel } from '#contract/models.ts';
import { useRequest, useSend } from '#renderer/api/hooks.ts';
import { Loading } from '#renderer/components/loading.tsx';
import { Problem } from '#renderer/components/problem.tsx';
import { modelWords } from '#renderer/words/model.ts';
import type { ChooseModel } from './use-choose-model.ts';

const words = modelWords.known;

export function KnownModels({ choose }: { readonly choose: ChooseModel }) {
  const models = useRequest('models.list');
  return (
    <Stack gap="xs" component="section" aria-label={words.title}>
      <Title order={3} size="h6">
        {words.title}
      </Title>
      {models.isError ? <Problem error={models.error} /> : null}
      {models.isPending ? <Loading what={modelWords.loading} /> : null}
      {models.data?.length === 0 ? (
        <Text size="sm" c="dimmed">
          {words.none}
        </Text>
      ) : null}
      {models.data?.map((model) => (
        <KnownModelRow key={model.folder} model={model} choose={choose} />
      ))}
    </Stack>
  );
}

function KnownModelRow({ model, choose }: { readonly model: KnownModel; readonly choose: ChooseModel }) {
  const { folder, name, architecture, parameters, licence, isThere, isSample } = model;
  const facts = [
    architecture,
    parameters === null ? null : modelWords.facts.parametersOf(parameters),
    licence,
    isSample ? words.sample : null,
    isThere ? null : words.gone,
  ].filter((fact) => fact !== null);
  return (
    <Paper withBorder px="sm" py={6}>
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Stack gap={0} miw={0}>
          <Text fw={500} truncate>
            {name}
          </Text>
          <Text size="xs" c="dimmed" truncate title={folder}>
            {facts.join(' · ')}
          </Text>
        </Stack>
        {folder === choose.current ? (
          <Badge variant="light" tt="none">
            {words.inUse}
          </Badge>
        ) : (
          <KnownModelActions model={model} choose={choose} />
        )}
      </Group>
    </Paper>
  );
}

function KnownModelActions({ model: { folder, name, isThere }, choose }: { readonly model: KnownModel; readonly choose: ChooseModel }) {
  const forget = useSend('models.forget');
  return (
    <Group gap="xs" wrap="nowrap">
      <Button size="compact-sm" variant="subtle" color="gray" aria-label={words.forget(name)} onClick={() => forget.mutate({ folder })}>
        {words.forgetShort}
      </Button>
      <Button
        size="compact-sm"
        variant="light"
        aria-label={words.use(name)}
        disabled={!isThere}
        loading={choose.isPending && choose.folder === folder}
        onClick={() => choose.choose(folder)}
      >
        {words.useShort}
      </Button>
    </Group>
  );
}

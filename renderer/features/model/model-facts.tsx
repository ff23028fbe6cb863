/** @file What the chosen model is: by its headers, or why it can't be used. */
import { Alert, Code, Group, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import type { ModelReport } from '#contract/models.ts';
import { useRequest } from '#renderer/api/hooks.ts';
import { Loading } from '#renderer/components/loading.tsx';
import { Problem } from '#renderer/components/problem.tsx';
import { modelWords } from '#renderer/words/model.ts';

const words = modelWords.facts;

export function ModelFacts({ folder }: { readonly folder: string }) {
  const report = useRequest('models.inspect', { folder });
  const name = folder.split(/[\\/]/).at(-1) ?? folder;
  return (
    <Paper withBorder p="md" component="section" aria-label={words.title(name)}>
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap" gap="sm">
          <Title order={2} size="h4">
            {name}
          </Title>
          <Code title={folder} style={{ overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}>
            {folder}
          </Code>
        </Group>
        {report.isError ? <Problem error={report.error} /> : null}
        {report.isPending ? <Loading what={modelWords.looking} height={96} /> : null}
        {report.data ? <Facts report={report.data} /> : null}
      </Stack>
    </Paper>
  );
}

function Facts({ report }: { readonly report: ModelReport }) {
  const { problem, tokenizer, copyBytes } = report;
  return (
    <>
      {problem === null ? null : (
        <Alert color="red" role="alert" title={words.unusable}>
          {problem}
        </Alert>
      )}
      {tokenizer.problem === null ? null : (
        <Alert color="orange" role="alert" title={words.tokenizerProblem}>
          {tokenizer.problem}
        </Alert>
      )}
      <SimpleGrid component="dl" cols={3} spacing="md" verticalSpacing="xs" m={0}>
        {factsOf(report).map(([label, value]) => (
          <div key={label}>
            <Text component="dt" size="xs" c="dimmed">
              {label}
            </Text>
            <Text component="dd" size="sm" m={0} style={{ overflowWrap: 'anywhere' }}>
              {value}
            </Text>
          </div>
        ))}
      </SimpleGrid>
      {copyBytes === null || copyBytes === 0 ? null : (
        <Text size="xs" c="dimmed">
          {words.copy(copyBytes)}
        </Text>
      )}
    </>
  );
}

function factsOf(report: ModelReport): [string, string][] {
  const { architecture, parameters, shape, bytesByDtype, tokenizer, licence, diskBytes, weightFiles, mappedBytes } = report;
  return [
    [words.architecture, architecture ?? words.unknown],
    [words.parameters, parameters === null ? words.unknown : words.parametersOf(parameters)],
    [words.dtype, Object.keys(bytesByDtype).join(', ')],
    [words.context, shape === null ? words.unknown : words.contextOf(shape.contextTokens)],
    [words.template, tokenizer.hasChatTemplate ? words.hasTemplate : words.noTemplate],
    [words.licence, licence?.name ?? words.noLicence],
    [words.shape, shape === null ? words.unknown : words.shapeOf(shape.layers, shape.hiddenSize)],
    [words.disk, words.diskOf(diskBytes, weightFiles)],
    [words.memory, mappedBytes === null ? words.unknown : words.memoryOf(mappedBytes)],
  ];
}

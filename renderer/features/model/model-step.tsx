/** @file Model: the one that is used, how long the rows are in its tokens, and where another can be had. */
import { Accordion, Stack, Text, Title } from '@mantine/core';
import { useRequest } from '#renderer/api/hooks.ts';
import { Loading } from '#renderer/components/loading.tsx';
import { Problem } from '#renderer/components/problem.tsx';
import type { StepScreenProps } from '#renderer/components/step-screen.ts';
import { modelWords } from '#renderer/words/model.ts';
import { HubPanel } from './hub-panel.tsx';
import { KnownModels } from './known-models.tsx';
import { LengthsPanel } from './lengths-panel.tsx';
import { ModelFacts } from './model-facts.tsx';
import { PickFolder } from './pick-folder.tsx';
import { useChooseModel } from './use-choose-model.ts';

export function ModelStep({ project, goTo }: StepScreenProps) {
  const choices = useRequest('choices.get', { projectId: project.id });
  const choose = useChooseModel(project.id);
  if (choices.isError) return <Problem error={choices.error} />;
  if (choices.isPending) return <Loading what={modelWords.loading} height={240} />;
  const { modelFolder } = choices.data;
  return (
    <Stack gap="lg">
      {modelFolder === null ? null : (
        <>
          <ModelFacts folder={modelFolder} />
          <LengthsPanel
            projectId={project.id}
            data={choices.data.data}
            settings={choices.data.settings}
            folder={modelFolder}
            onGoToData={() => goTo('data')}
          />
        </>
      )}
      {modelFolder === null ? <FirstModel choose={choose} /> : <OtherModel choose={choose} />}
    </Stack>
  );
}

type Choose = ReturnType<typeof useChooseModel>;

function FirstModel({ choose }: { readonly choose: Choose }) {
  return (
    <Stack gap="lg">
      <Stack gap={4}>
        <Title order={2} size="h4">
          {modelWords.choose.title}
        </Title>
        <Text c="dimmed" size="sm" maw={640}>
          {modelWords.choose.about}
        </Text>
      </Stack>
      <Sources choose={choose} />
    </Stack>
  );
}

function OtherModel({ choose }: { readonly choose: Choose }) {
  return (
    <Accordion variant="contained">
      <Accordion.Item value="other">
        <Accordion.Control>{modelWords.choose.another}</Accordion.Control>
        <Accordion.Panel>
          <Sources choose={choose} />
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}

function Sources({ choose }: { readonly choose: Choose }) {
  return (
    <Stack gap="lg">
      <PickFolder choose={choose} />
      <KnownModels choose={choose} />
      <HubPanel choose={choose} />
    </Stack>
  );
}

/** @file Chat: conversations with the base model and with adapters of the project, side by side. */
import { Button, Stack, Text, Title } from '@mantine/core';
import { useRequest } from '#renderer/api/hooks.ts';
import { BlockedStep } from '#renderer/components/blocked-step.tsx';
import { Loading } from '#renderer/components/loading.tsx';
import { Problem } from '#renderer/components/problem.tsx';
import type { StepScreenProps } from '#renderer/components/step-screen.ts';
import { useKeptState } from '#renderer/components/use-kept-state.ts';
import { chatWords } from '#renderer/words/chat.ts';
import { stepsWords } from '#renderer/words/steps.ts';
import { ChatScreen } from './chat-screen.tsx';
import { useStartChat } from './use-start-chat.ts';

export function ChatStep(props: StepScreenProps) {
  const { step, goTo } = props;
  if (step.state !== 'blocked') return <Conversations {...props} />;
  return <BlockedStep step={step} goTo={goTo} title={stepsWords.afterRunTitle(stepsWords.titles.chat)} about={stepsWords.afterRun.chat} />;
}

function Conversations({ project, goTo }: StepScreenProps) {
  const chats = useRequest('chats.list', { projectId: project.id });
  const playground = useRequest('playground.get', { projectId: project.id });
  const [kept, choose] = useKeptState(`chat of project ${project.id}`, (text) => (text === '' ? null : Number(text)));
  if (chats.isError) return <Problem error={chats.error} />;
  if (playground.isError) return <Problem error={playground.error} />;
  if (chats.isPending || playground.isPending) return <Loading what={chatWords.loading} height={320} />;
  const chosen = chats.data.find(({ id }) => id === kept) ?? chats.data[0];
  if (!chosen) return <NoConversation projectId={project.id} onStarted={choose} />;
  return <ChatScreen project={project} chats={chats.data} chosen={chosen} playground={playground.data} onChoose={choose} goTo={goTo} />;
}

function NoConversation({ projectId, onStarted }: { readonly projectId: number; readonly onStarted: (chatId: number) => void }) {
  const words = chatWords.empty;
  const { start, isPending, error } = useStartChat(projectId, onStarted);
  return (
    <Stack align="center" justify="center" gap="xs" mih="50vh">
      <Title order={2} size="h4">
        {words.title}
      </Title>
      <Text c="dimmed" ta="center" maw={480}>
        {words.about}
      </Text>
      <Button mt="xs" onClick={start} loading={isPending}>
        {words.start}
      </Button>
      {error ? <Problem error={error} /> : null}
    </Stack>
  );
}

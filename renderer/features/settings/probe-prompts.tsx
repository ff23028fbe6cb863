/** @file What runs are asked at every evaluation: the prompts that are proposed, or a person's own. */
import { Button, Group, Text } from '@mantine/core';
import type { Choices } from '#contract/choices.ts';
import { MOST_PROBE_PROMPTS } from '#contract/probe-prompts.ts';
import { useRequest } from '#renderer/api/hooks.ts';
import { Loading } from '#renderer/components/loading.tsx';
import { Problem } from '#renderer/components/problem.tsx';
import { PlainSection } from '#renderer/components/section.tsx';
import { settingsWords } from '#renderer/words/settings.ts';
import { ProbeInput } from './probe-input.tsx';
import { useProbeDraft, type DraftPrompt, type ProbeDraft } from './use-probe-draft.ts';
import classes from './settings-step.module.css';

const words = settingsWords.probes;

export function ProbePromptsPanel({ projectId, choices }: { readonly projectId: number; readonly choices: Choices }) {
  const draft = useProbeDraft(projectId, choices.probePrompts);
  return (
    <PlainSection order={2} title={words.title} about={words.about}>
      {draft.prompts === null ? <Proposed projectId={projectId} onBegin={draft.begin} /> : <Editor prompts={draft.prompts} draft={draft} />}
      {draft.error ? <Problem error={draft.error} /> : null}
    </PlainSection>
  );
}

function Proposed({ projectId, onBegin }: { readonly projectId: number; readonly onBegin: ProbeDraft['begin'] }) {
  const proposed = useRequest('probePrompts.propose', { projectId });
  if (proposed.isError) return <Problem error={proposed.error} />;
  if (proposed.isPending) return <Loading what={words.loading} height={72} />;
  return (
    <>
      {proposed.data.length === 0 ? (
        <Text size="sm">{words.noneProposed}</Text>
      ) : (
        <ol className={classes['probes']} aria-label={words.proposed}>
          {proposed.data.map((text) => (
            <li key={text}>
              <Text size="sm" lineClamp={2}>
                {text}
              </Text>
            </li>
          ))}
        </ol>
      )}
      <Group>
        <Button variant="light" size="compact-sm" onClick={() => onBegin(proposed.data.length > 0 ? proposed.data : [''])}>
          {words.edit}
        </Button>
      </Group>
    </>
  );
}

function Editor({ prompts, draft }: { readonly prompts: readonly DraftPrompt[]; readonly draft: ProbeDraft }) {
  const { replace, reset, problem } = draft;
  const add = (): void => replace([...prompts, { id: 1 + Math.max(-1, ...prompts.map(({ id }) => id)), text: '' }]);
  const isFull = prompts.length >= MOST_PROBE_PROMPTS;
  return (
    <>
      {prompts.length === 0 ? <Text size="sm">{words.none}</Text> : null}
      {prompts.map((prompt, index) => (
        <ProbeInput
          key={prompt.id}
          number={index + 1}
          text={prompt.text}
          isLast={index === prompts.length - 1}
          onChange={(text) => replace(prompts.with(index, { ...prompt, text }))}
          onMove={(by) => replace(prompts.toSpliced(index, 1).toSpliced(index + by, 0, prompt))}
          onRemove={() => replace(prompts.toSpliced(index, 1))}
        />
      ))}
      {problem === null ? null : (
        <Text size="xs" c="var(--mantine-color-error)" role="alert">
          {problem}
        </Text>
      )}
      <Group gap="xs">
        <Button variant="light" size="compact-sm" disabled={isFull} onClick={add}>
          {words.add}
        </Button>
        <Button variant="subtle" color="gray" size="compact-sm" onClick={reset}>
          {words.reset}
        </Button>
        {isFull ? (
          <Text size="xs" c="dimmed">
            {words.full(MOST_PROBE_PROMPTS)}
          </Text>
        ) : null}
      </Group>
    </>
  );
}

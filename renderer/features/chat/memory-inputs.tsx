/** @file How the model is kept in memory: its weights, what computes, how much of a conversation it sees; and which base model it is. */
import { Button, Group, List, NativeSelect, SegmentedControl, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { PlaygroundWeights, type Playground } from '#contract/playground.ts';
import { useSend } from '#renderer/api/hooks.ts';
import { useTask } from '#renderer/api/use-task.ts';
import { Problem } from '#renderer/components/problem.tsx';
import { chatWords } from '#renderer/words/chat.ts';

const words = chatWords.sheet;

export function MemoryInputs({ projectId, playground }: { readonly projectId: number; readonly playground: Playground }) {
  const { options, open, models, phase } = playground;
  const set = useSend('playground.setOptions');
  const close = useSend('playground.close');
  const opening = useTask('playground.open');
  const modelId = open?.modelId ?? models[0]?.id ?? null;
  const error = set.error ?? close.error ?? opening.error;
  return (
    <Stack gap="sm">
      {models.length > 1 ? (
        <NativeSelect
          size="xs"
          label={words.baseModel}
          disabled={phase === 'opening'}
          value={String(modelId)}
          onChange={({ currentTarget }) => void opening.start({ projectId, modelId: Number(currentTarget.value) })}
          data={models.map(({ id, name, isThere }) => ({ value: String(id), label: name, disabled: !isThere }))}
        />
      ) : null}
      <WeightsInput value={options.weights} onSet={(weights) => set.mutate({ weights })} />
      <Switch
        size="xs"
        label={words.processorOnly}
        checked={options.processorOnly}
        onChange={({ currentTarget }) => set.mutate({ processorOnly: currentTarget.checked })}
      />
      <ContextInput key={options.contextTokens} value={options.contextTokens} onSet={(contextTokens) => set.mutate({ contextTokens })} />
      <Text size="xs" c="dimmed">
        {words.countsLater}
      </Text>
      {open ? (
        <Group gap="xs">
          <Button
            size="xs"
            variant="light"
            loading={opening.isRunning}
            onClick={() => void opening.start({ projectId, modelId: open.modelId })}
          >
            {words.reopen}
          </Button>
          <Button size="xs" variant="default" onClick={() => close.mutate({ projectId })}>
            {words.unload}
          </Button>
        </Group>
      ) : null}
      {error ? <Problem error={error} /> : null}
      {open && open.notes.length > 0 ? <Notes notes={open.notes} /> : null}
    </Stack>
  );
}

interface WeightsInputProps {
  readonly value: PlaygroundWeights;
  readonly onSet: (value: PlaygroundWeights) => void;
}

function WeightsInput({ value, onSet }: WeightsInputProps) {
  return (
    <div>
      <Text size="xs" fw={500} mb={4}>
        {words.weights}
      </Text>
      <SegmentedControl size="xs" aria-label={words.weights} data={PlaygroundWeights.options} value={value} onChange={onSet} />
      <Text size="xs" c="dimmed" mt={4}>
        {words.weightsNotes[value]}
      </Text>
    </div>
  );
}

function Notes({ notes }: { readonly notes: readonly string[] }) {
  return (
    <div>
      <Text size="xs" fw={500}>
        {words.notesTitle}
      </Text>
      <List size="xs" c="dimmed">
        {notes.map((note) => (
          <List.Item key={note}>{note}</List.Item>
        ))}
      </List>
    </div>
  );
}

function ContextInput({ value, onSet }: { readonly value: number | null; readonly onSet: (value: number | null) => void }) {
  const [text, setText] = useState(value === null ? '' : String(value));
  const keep = (): void => {
    const next = text.trim() === '' ? null : Number(text);
    if (next !== value) onSet(next);
  };
  return (
    <TextInput
      size="xs"
      label={words.context}
      description={words.contextNote}
      inputMode="numeric"
      value={text}
      onChange={({ currentTarget }) => setText(currentTarget.value)}
      onBlur={keep}
      onKeyDown={({ key }) => key === 'Enter' && keep()}
    />
  );
}

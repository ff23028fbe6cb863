/** @file How words are drawn, each setting under its standard name. Kept when a field is left; what can't be is said by main. */
import { Button, Group, Stack, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { ChatSampling } from '#contract/chats.ts';
import { chatWords } from '#renderer/words/chat.ts';

const words = chatWords.sheet;
const KEYS = ['temperature', 'top_p', 'top_k', 'min_p', 'repetition_penalty', 'max_new_tokens', 'seed'] as const;
type Key = (typeof KEYS)[number];

export interface SamplingInputsProps {
  readonly sampling: ChatSampling;
  readonly onSet: (sampling: ChatSampling) => void;
}

export function SamplingInputs({ sampling, onSet }: SamplingInputsProps) {
  return (
    <Stack gap="sm" component="section" aria-label={words.sampling}>
      <Group justify="space-between">
        <Title order={3} size="h6">
          {words.sampling}
        </Title>
        <Button size="compact-xs" variant="subtle" onClick={() => onSet(ChatSampling.parse({}))}>
          {words.reset}
        </Button>
      </Group>
      {KEYS.map((key) => (
        <NumberField
          key={`${key} ${sampling[key]}`}
          name={key}
          value={sampling[key]}
          onSet={(value) => onSet({ ...sampling, [key]: value })}
        />
      ))}
    </Stack>
  );
}

interface NumberFieldProps {
  readonly name: Key;
  readonly value: number | null;
  readonly onSet: (value: number | null) => void;
}

function NumberField({ name, value, onSet }: NumberFieldProps) {
  const written = value === null ? '' : String(value);
  const [text, setText] = useState(written);
  const read = readNumber(name, text);
  const keep = (): void => {
    if (read.error === null && read.value !== value) onSet(read.value);
  };
  return (
    <TextInput
      size="xs"
      label={name}
      description={words.notes[name]}
      inputMode="decimal"
      value={text}
      error={read.error}
      onChange={({ currentTarget }) => setText(currentTarget.value)}
      onBlur={keep}
      onKeyDown={({ key }) => key === 'Enter' && keep()}
    />
  );
}

/** By the contract's own rules, whose sentences are shown. */
function readNumber(name: Key, text: string): { readonly value: number | null; readonly error: string | null } {
  const trimmed = text.trim().replace(',', '.');
  const value = trimmed === '' ? null : Number(trimmed);
  const parsed = ChatSampling.shape[name].safeParse(value ?? (name === 'seed' ? null : Number.NaN));
  return { value, error: parsed.success ? null : (parsed.error.issues[0]?.message ?? null) };
}

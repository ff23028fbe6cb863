/** @file One setting: its plain label and its standard name, a sentence, a value, and what is to be said about that. */
import { Button, Code, Group, NativeSelect, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { GivenSettings } from '#contract/choices.ts';
import type { SettingField, SettingRemark } from '#contract/settings.ts';
import { settingsWords } from '#renderer/words/settings.ts';
import { Remark } from './setting-remark.tsx';
import { readSetting, writeSetting } from './setting-text.ts';
import classes from './settings-step.module.css';
import type { SettingsDraft } from './use-settings-draft.ts';

export interface SettingInputProps {
  readonly field: SettingField;
  /** Undefined: its default. */
  readonly value: GivenSettings[string] | undefined;
  readonly remarks: { readonly problem: SettingRemark | null; readonly warnings: readonly SettingRemark[] };
  readonly draft: Pick<SettingsDraft, 'set' | 'change'>;
}

export function SettingInput({ field, value, remarks: { problem, warnings }, draft }: SettingInputProps) {
  const { key, label, sentence, allowed, kind } = field;
  const id = `setting-${key}`;
  return (
    <Stack gap={4} className={classes.field} data-remark={problem ? 'problem' : warnings.length > 0 ? 'warning' : undefined}>
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <Group gap="xs" miw={0}>
          <Text component="label" htmlFor={id} fw={500} size="sm">
            {label}
          </Text>
          <Code>{key}</Code>
        </Group>
        <Group gap={4} wrap="nowrap" flex="none">
          {value === undefined ? null : (
            <Button
              size="compact-xs"
              variant="subtle"
              color="gray"
              aria-label={settingsWords.reset(label)}
              onClick={() => draft.set(key, undefined)}
            >
              {settingsWords.resetShort}
            </Button>
          )}
          <Control id={id} field={field} value={value} isWrong={problem !== null} onSet={(next) => draft.set(key, next)} />
        </Group>
      </Group>
      <Text size="xs" c="dimmed" id={`${id}-about`}>
        {settingsWords.sentence(sentence)} {kind === 'flag' || kind === 'choice' ? '' : settingsWords.allowed(allowed)}
      </Text>
      {problem ? <Remark remark={problem} isProblem onFix={draft.change} /> : null}
      {warnings.map((warning) => (
        <Remark key={warning.text} remark={warning} isProblem={false} onFix={draft.change} />
      ))}
    </Stack>
  );
}

interface ControlProps extends Pick<SettingInputProps, 'field' | 'value'> {
  readonly id: string;
  readonly isWrong: boolean;
  readonly onSet: (value: ReturnType<typeof readSetting>) => void;
}

function Control({ id, field, value, isWrong, onSet }: ControlProps) {
  const described = { id, 'aria-describedby': `${id}-about` };
  const shown = value === undefined ? field.default : value;
  if (field.kind === 'flag') {
    return (
      <Switch
        {...described}
        checked={shown === true}
        onChange={({ currentTarget }) => onSet(currentTarget.checked === field.default ? undefined : currentTarget.checked)}
      />
    );
  }
  if (field.kind === 'choice') {
    return (
      <NativeSelect
        {...described}
        w={190}
        size="xs"
        data={[...(field.values ?? [])]}
        value={writeSetting(shown)}
        onChange={({ currentTarget }) => onSet(currentTarget.value === field.default ? undefined : currentTarget.value)}
      />
    );
  }
  return <TextControl {...{ described, field, value, isWrong, onSet }} />;
}

/** Text, as people write numbers: 5e-4, 0.1, none. What is typed stays as it was typed until another value comes from elsewhere. */
function TextControl({
  described,
  field,
  value,
  isWrong,
  onSet,
}: Omit<ControlProps, 'id'> & { readonly described: { readonly id: string; readonly 'aria-describedby': string } }) {
  const [typed, setTyped] = useState<string | null>(null);
  const isCurrent = typed !== null && same(readSetting(typed, field), value);
  const isWide = field.kind === 'modules';
  return (
    <TextInput
      {...described}
      size="xs"
      w={isWide ? 190 : 110}
      styles={{ input: { textAlign: isWide ? 'left' : 'right', fontVariantNumeric: 'tabular-nums' } }}
      value={isCurrent ? typed : writeSetting(value === undefined ? field.default : value)}
      aria-invalid={isWrong}
      error={isWrong}
      onChange={({ currentTarget }) => {
        setTyped(currentTarget.value);
        onSet(readSetting(currentTarget.value, field));
      }}
      onBlur={() => setTyped(null)}
    />
  );
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

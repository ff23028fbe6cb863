/** @file A model's folder: by the system's dialog where there is one, or by its path; and why the last one can't be used. */
import { Alert, Button, Code, Group, Stack, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useClient, useSend } from '#renderer/api/hooks.ts';
import { Loading } from '#renderer/components/loading.tsx';
import { Problem } from '#renderer/components/problem.tsx';
import { modelWords } from '#renderer/words/model.ts';
import type { ChooseModel } from './use-choose-model.ts';

export function PickFolder({ choose: { choose, isPending, error, refused } }: { readonly choose: ChooseModel }) {
  const { host } = useClient();
  const [path, setPath] = useState('');
  const pick = useSend('files.pick');
  const pickFolder = (): void =>
    pick.mutate(
      { purpose: 'model-folder' },
      {
        onSuccess: ({ paths: [folder] }) => {
          if (folder !== undefined) choose(folder);
        },
      },
    );
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    choose(path.trim());
  };
  return (
    <Stack gap="sm">
      <Group align="flex-end" gap="sm" wrap="nowrap">
        {host === 'electron' ? (
          <Button onClick={pickFolder} loading={pick.isPending || isPending}>
            {modelWords.choose.pick}
          </Button>
        ) : null}
        <Group component="form" onSubmit={submit} align="flex-end" gap="xs" flex={1} wrap="nowrap">
          <TextInput
            flex={1}
            label={host === 'electron' ? modelWords.choose.orPath : modelWords.choose.path}
            placeholder={modelWords.choose.placeholder}
            value={path}
            onChange={({ currentTarget }) => setPath(currentTarget.value)}
          />
          <Button type="submit" variant="default" loading={isPending} disabled={path.trim() === ''}>
            {modelWords.choose.use}
          </Button>
        </Group>
      </Group>
      {isPending ? <Loading what={modelWords.looking} /> : null}
      {!isPending && error ? <Problem error={error} /> : null}
      {!isPending && refused ? (
        <Alert color="red" role="alert" title={modelWords.facts.unusable}>
          {refused.problem} <Code>{refused.dir}</Code>
        </Alert>
      ) : null}
    </Stack>
  );
}

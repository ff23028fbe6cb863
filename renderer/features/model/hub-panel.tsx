/** @file Models of the Hub: looked up and fetched only when a person presses a button. */
import { Alert, Button, Group, Stack, Switch, Text, TextInput, Title } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useRequest, useSend } from '#renderer/api/hooks.ts';
import { Loading } from '#renderer/components/loading.tsx';
import { Problem } from '#renderer/components/problem.tsx';
import { modelWords } from '#renderer/words/model.ts';
import { HubDownloads } from './hub-downloads.tsx';
import { HubListing } from './hub-listing.tsx';
import type { ChooseModel } from './use-choose-model.ts';

const words = modelWords.hub;

export function HubPanel({ choose }: { readonly choose: ChooseModel }) {
  const access = useRequest('hub.getAccess');
  const preferences = useRequest('app.getPreferences');
  const prefer = useSend('app.setPreferences');
  return (
    <Stack gap="sm" component="section" aria-label={words.title}>
      <Group justify="space-between" align="flex-start">
        <Stack gap={0}>
          <Title order={3} size="h6">
            {words.title}
          </Title>
          <Text size="sm" c="dimmed">
            {access.data ? words.about(access.data.url) : ''}
          </Text>
        </Stack>
        <Switch
          label={words.offline}
          description={words.offlineAbout}
          checked={preferences.data?.offline ?? false}
          onChange={({ currentTarget }) => prefer.mutate({ offline: currentTarget.checked })}
        />
      </Group>
      {access.isError ? <Problem error={access.error} /> : null}
      {access.data?.offlineBecause ? <Alert color="gray">{access.data.offlineBecause}</Alert> : null}
      {access.data && access.data.offlineBecause === null ? <LookUp /> : null}
      <HubDownloads choose={choose} />
    </Stack>
  );
}

function LookUp() {
  const [id, setId] = useState('');
  const look = useSend('hub.look');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    look.mutate({ id: id.trim() });
  };
  return (
    <>
      <Group component="form" onSubmit={submit} align="flex-end" gap="xs" wrap="nowrap">
        <TextInput
          flex={1}
          label={words.id}
          placeholder={words.placeholder}
          value={id}
          onChange={({ currentTarget }) => setId(currentTarget.value)}
        />
        <Button type="submit" variant="default" loading={look.isPending} disabled={id.trim() === ''}>
          {words.look}
        </Button>
      </Group>
      {look.isPending ? <Loading what={words.looking} /> : null}
      {look.error ? <Problem error={look.error} /> : null}
      {look.data && !look.isPending ? <HubListing model={look.data} onBegun={look.reset} /> : null}
    </>
  );
}

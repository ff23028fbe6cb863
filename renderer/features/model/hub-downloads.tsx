/** @file Downloads: how far each is, and what can be done about it. */
import { Button, Group, Paper, Progress, Stack, Text } from '@mantine/core';
import type { HubDownload } from '#contract/hub.ts';
import { useRequest, useSend } from '#renderer/api/hooks.ts';
import { Problem } from '#renderer/components/problem.tsx';
import { modelWords } from '#renderer/words/model.ts';
import { formatDuration } from '#renderer/words/numbers.ts';
import type { ChooseModel } from './use-choose-model.ts';

const words = modelWords.hub;

export function HubDownloads({ choose }: { readonly choose: ChooseModel }) {
  const downloads = useRequest('hub.listDownloads');
  if (downloads.isError) return <Problem error={downloads.error} />;
  return downloads.data?.map((download) => <DownloadRow key={download.id} download={download} choose={choose} />);
}

function DownloadRow({ download, choose }: { readonly download: HubDownload; readonly choose: ChooseModel }) {
  const { id, state, bytesDone, bytesTotal, file, message } = download;
  const part = bytesTotal === 0 ? 0 : (100 * bytesDone) / bytesTotal;
  return (
    <Paper withBorder p="sm" component="section" aria-label={`${words.downloads}: ${id}`}>
      <Stack gap={6}>
        <Group justify="space-between" wrap="nowrap" gap="sm">
          <Text fw={500} truncate>
            {id}
          </Text>
          <Actions download={download} choose={choose} />
        </Group>
        {state === 'done' ? null : <Progress value={part} size="sm" aria-label={`${words.state[state]} ${id}`} />}
        <Text size="xs" c="dimmed" truncate>
          {[words.state[state], progressOf(download), state === 'running' ? file : null].filter((text) => text !== null).join(' · ')}
        </Text>
        {message === null ? null : <Problem error={new Error(message)} />}
      </Stack>
    </Paper>
  );
}

function Actions({ download: { id, commit, state, folder }, choose }: { readonly download: HubDownload; readonly choose: ChooseModel }) {
  const stop = useSend('hub.stop');
  const goOn = useSend('hub.download');
  const discard = useSend('hub.discard');
  if (state === 'running') {
    return (
      <Button size="compact-sm" variant="default" loading={stop.isPending} onClick={() => stop.mutate({ id })}>
        {words.stop}
      </Button>
    );
  }
  if (state === 'done') {
    if (folder === null || folder === choose.current) return <Text size="sm">{modelWords.known.inUse}</Text>;
    return (
      <Button size="compact-sm" loading={choose.isPending} onClick={() => choose.choose(folder)}>
        {words.use}
      </Button>
    );
  }
  return (
    <Group gap="xs" wrap="nowrap">
      {goOn.error ? <Problem error={goOn.error} /> : null}
      <Button size="compact-sm" variant="subtle" color="gray" loading={discard.isPending} onClick={() => discard.mutate({ id })}>
        {words.discard}
      </Button>
      <Button size="compact-sm" variant="light" loading={goOn.isPending} onClick={() => goOn.mutate({ id, commit })}>
        {words.goOn}
      </Button>
    </Group>
  );
}

function progressOf({ state, bytesDone, bytesTotal, bytesPerSecond }: HubDownload): string {
  const amount = words.progress(bytesDone, bytesTotal);
  if (state !== 'running' || bytesPerSecond <= 0) return amount;
  const left = words.left(formatDuration(((bytesTotal - bytesDone) / bytesPerSecond) * 1000));
  return `${amount} · ${words.speed(bytesPerSecond)} · ${left}`;
}

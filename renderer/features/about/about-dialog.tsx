/** @file What this program is, where it keeps things, and whose work it contains. */
import { Accordion, Anchor, Code, Modal, ScrollArea, Stack, Text } from '@mantine/core';
import { useRequest, useSend } from '#renderer/api/hooks.ts';
import { Loading } from '#renderer/components/loading.tsx';
import { Problem } from '#renderer/components/problem.tsx';
import { frameWords } from '#renderer/words/frame.ts';

const words = frameWords.about;

export function AboutDialog({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title={words.title} size="lg" centered>
      <AboutText />
    </Modal>
  );
}

function AboutText() {
  const info = useRequest('app.getInfo');
  const reveal = useSend('app.revealDataFolder');
  const openLog = useSend('app.openLog');
  if (info.isError) return <Problem error={info.error} />;
  if (info.isPending) return <Loading what={words.loading} height={120} />;
  const { version, dataFolder, logFile, nodeVersion, electronVersion } = info.data;
  return (
    <Stack gap="xs">
      <Text>{words.text(version)}</Text>
      <Text size="sm">
        {words.data} <Code>{dataFolder}</Code>{' '}
        <Anchor component="button" size="sm" onClick={() => reveal.mutate(undefined)}>
          {words.show}
        </Anchor>
      </Text>
      <Text size="sm">
        {words.log} <Code>{logFile}</Code>{' '}
        <Anchor component="button" size="sm" onClick={() => openLog.mutate(undefined)}>
          {words.openLog}
        </Anchor>
      </Text>
      <Text size="sm" c="dimmed">
        {words.versions(nodeVersion, electronVersion)}
      </Text>
      <Licences />
    </Stack>
  );
}

function Licences() {
  const licences = useRequest('app.listLicences');
  if (licences.isError) return <Problem error={licences.error} />;
  if (licences.isPending) return <Loading what={words.loadingLicences} height={280} />;
  return (
    <ScrollArea h={280} aria-label={words.licences}>
      <Accordion>
        {licences.data.map(({ name, version, licence, text }) => (
          <Accordion.Item key={`${name} ${version}`} value={`${name} ${version}`}>
            <Accordion.Control>{words.licence(name, version, licence)}</Accordion.Control>
            <Accordion.Panel>
              <Code block>{text}</Code>
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
    </ScrollArea>
  );
}

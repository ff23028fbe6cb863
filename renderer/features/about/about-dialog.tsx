/** @file What this program is, where it keeps things, and whose work it contains. */
import { Accordion, Anchor, Code, Modal, ScrollArea, Stack, Text } from '@mantine/core';
import { useRequest, useSend } from '#renderer/api/hooks.ts';
import { Loading } from '#renderer/components/loading.tsx';
import { Problem } from '#renderer/components/problem.tsx';

export function AboutDialog({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="About Prospect" size="lg" centered>
      <AboutText />
    </Modal>
  );
}

function AboutText() {
  const info = useRequest('app.getInfo');
  const reveal = useSend('app.revealDataFolder');
  const openLog = useSend('app.openLog');
  if (info.isError) return <Problem error={info.error} />;
  if (info.isPending) return <Loading what="Loading" height={120} />;
  const { version, dataFolder, logFile, nodeVersion, electronVersion } = info.data;
  return (
    <Stack gap="xs">
      <Text>Prospect {version} aligns a language model on your own machine. Nothing leaves it.</Text>
      <Text size="sm">
        Data: <Code>{dataFolder}</Code>{' '}
        <Anchor component="button" size="sm" onClick={() => reveal.mutate(undefined)}>
          Show
        </Anchor>
      </Text>
      <Text size="sm">
        Log: <Code>{logFile}</Code>{' '}
        <Anchor component="button" size="sm" onClick={() => openLog.mutate(undefined)}>
          Open
        </Anchor>
      </Text>
      <Text size="sm" c="dimmed">
        Node {nodeVersion}
        {electronVersion === null ? '' : `, Electron ${electronVersion}`}
      </Text>
      <Licences />
    </Stack>
  );
}

function Licences() {
  const licences = useRequest('app.listLicences');
  if (licences.isError) return <Problem error={licences.error} />;
  return (
    <ScrollArea h={280} aria-label="Licences">
      <Accordion>
        {licences.data?.map(({ name, version, licence, text }) => (
          <Accordion.Item key={`${name} ${version}`} value={`${name} ${version}`}>
            <Accordion.Control>
              {name} {version} · {licence}
            </Accordion.Control>
            <Accordion.Panel>
              <Code block>{text}</Code>
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
    </ScrollArea>
  );
}

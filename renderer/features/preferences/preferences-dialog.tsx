/** @file What a person chooses for all projects: what computes, the look, the network. */
import { Group, Modal, Stack, Switch } from '@mantine/core';
import type { Preferences } from '#contract/app.ts';
import { useRequest, useSend } from '#renderer/api/hooks.ts';
import { Loading } from '#renderer/components/loading.tsx';
import { Problem } from '#renderer/components/problem.tsx';
import { PlainSection } from '#renderer/components/section.tsx';
import { preferencesWords } from '#renderer/words/preferences.ts';
import { EnginesPart } from './engines-part.tsx';
import { ThemeChoice } from './theme-choice.tsx';

export function PreferencesDialog({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title={preferencesWords.title} size={820} centered>
      <Stack gap="lg">
        <PlainSection order={3} title={preferencesWords.engines.title} about={preferencesWords.engines.about}>
          <EnginesPart />
        </PlainSection>
        <OtherParts />
      </Stack>
    </Modal>
  );
}

function OtherParts() {
  const preferences = useRequest('app.getPreferences');
  const access = useRequest('hub.getAccess');
  const save = useSend('app.setPreferences');
  if (preferences.isError) return <Problem error={preferences.error} />;
  if (preferences.isPending) return <Loading what={preferencesWords.loading} height={120} />;
  const { theme, offline, showAdvancedSettings }: Preferences = preferences.data;
  const { look, settings, network } = preferencesWords;
  const because = access.data?.offlineBecause ?? null;
  // What the person prefers is no news.
  const forced = offline ? null : because;
  return (
    <>
      {save.error ? <Problem error={save.error} /> : null}
      <PlainSection order={3} title={look.title}>
        <Group>
          <ThemeChoice theme={theme} onChoose={(chosen) => save.mutate({ theme: chosen })} />
        </Group>
      </PlainSection>
      <PlainSection order={3} title={settings.title}>
        <Switch
          label={settings.advanced}
          checked={showAdvancedSettings}
          onChange={({ currentTarget }) => save.mutate({ showAdvancedSettings: currentTarget.checked })}
        />
      </PlainSection>
      <PlainSection order={3} title={network.title}>
        <Switch
          label={network.offline}
          description={forced === null ? network.about : network.forced(forced)}
          checked={offline || forced !== null}
          disabled={forced !== null}
          onChange={({ currentTarget }) => save.mutate({ offline: currentTarget.checked })}
        />
      </PlainSection>
    </>
  );
}

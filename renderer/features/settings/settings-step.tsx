/** @file Settings: the method, a preset to begin with, the values themselves, and beside them what the next run will need. */
import { Group, Stack } from '@mantine/core';
import { useRequest } from '#renderer/api/hooks.ts';
import { Loading } from '#renderer/components/loading.tsx';
import { MethodChoice } from '#renderer/components/method-choice.tsx';
import { Problem } from '#renderer/components/problem.tsx';
import { RunPreviewCard } from '#renderer/components/run-preview/run-preview-card.tsx';
import type { StepScreenProps } from '#renderer/components/step-screen.ts';
import { settingsWords } from '#renderer/words/settings.ts';
import { BeginsWith } from './begins-with.tsx';
import { PresetChoice } from './preset-choice.tsx';
import { ProbePromptsPanel } from './probe-prompts.tsx';
import { SettingsForm } from './settings-form.tsx';
import { useSettingsDraft } from './use-settings-draft.ts';

export function SettingsStep({ project, goTo }: StepScreenProps) {
  const described = useRequest('settings.describe');
  const choices = useRequest('choices.get', { projectId: project.id });
  if (described.isError) return <Problem error={described.error} />;
  if (choices.isError) return <Problem error={choices.error} />;
  if (described.isPending || choices.isPending) return <Loading what={settingsWords.loading} height={240} />;
  return <Editor projectId={project.id} described={described.data} choices={choices.data} goTo={goTo} />;
}

type EditorProps = Parameters<typeof useSettingsDraft>[0] & Pick<StepScreenProps, 'goTo'>;

function Editor({ goTo, ...kept }: EditorProps) {
  const draft = useSettingsDraft(kept);
  const { fields, presets } = kept.described;
  return (
    <Group align="flex-start" gap="lg" wrap="nowrap">
      <Stack gap="lg" flex={1} miw={0}>
        <MethodChoice methods={draft.methods} onChoose={draft.setMethods} />
        <PresetChoice presets={presets} settings={draft.settings} onChoose={draft.replace} />
        <BeginsWith projectId={kept.projectId} choices={kept.choices} />
        <SettingsForm fields={fields} draft={draft} />
        <ProbePromptsPanel projectId={kept.projectId} choices={kept.choices} />
        {draft.error ? <Problem error={draft.error} /> : null}
      </Stack>
      <RunPreviewCard
        projectId={kept.projectId}
        choices={kept.choices}
        next={draft}
        goTo={goTo}
        isAtSettings
        onStarted={() => goTo('train')}
      />
    </Group>
  );
}

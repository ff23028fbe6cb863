/** @file The settings one by one: five, or all in their groups. */
import { Alert, Group, Stack, Switch, Title } from '@mantine/core';
import type { SettingField, SettingRemark } from '#contract/settings.ts';
import { useRequest, useSend } from '#renderer/api/hooks.ts';
import { settingsWords } from '#renderer/words/settings.ts';
import { SettingInput } from './setting-input.tsx';
import { Remark } from './setting-remark.tsx';
import type { SettingsDraft } from './use-settings-draft.ts';

const GROUPS: readonly SettingField['group'][] = ['loss', 'optimizer', 'loop', 'adapter'];
/** Chosen above the form. */
const METHOD = 'method';
/** Each method has its own. */
const LOSS = 'loss_type';

export function SettingsForm({ fields, draft }: { readonly fields: readonly SettingField[]; readonly draft: SettingsDraft }) {
  const preferences = useRequest('app.getPreferences');
  const prefer = useSend('app.setPreferences');
  const showsAll = preferences.data?.showAdvancedSettings ?? false;
  const relevant = fields.filter((field) => isRelevant(field, draft));
  const shown = showsAll ? relevant : relevant.filter(({ isSimple }) => isSimple);
  return (
    <Stack gap="md" component="section" aria-label={settingsWords.values}>
      <Group justify="flex-end">
        <Switch
          label={settingsWords.advanced}
          checked={showsAll}
          onChange={({ currentTarget }) => prefer.mutate({ showAdvancedSettings: currentTarget.checked })}
        />
      </Group>
      <Elsewhere draft={draft} shown={shown} />
      {showsAll
        ? GROUPS.map((group) => (
            <Stack key={group} gap="md" component="section" aria-label={settingsWords.groups[group]}>
              <Title order={3} size="h6">
                {settingsWords.groups[group]}
              </Title>
              <Inputs fields={shown.filter((field) => field.group === group)} draft={draft} />
            </Stack>
          ))
        : null}
      {showsAll ? null : <Inputs fields={shown} draft={draft} />}
    </Stack>
  );
}

function Inputs({ fields, draft }: { readonly fields: readonly SettingField[]; readonly draft: SettingsDraft }) {
  return fields.map((field) => (
    <SettingInput key={field.key} field={field} value={draft.settings[field.key]} remarks={remarksOn(field.key, draft)} draft={draft} />
  ));
}

/** What is said about settings that are not in sight. */
function Elsewhere({ draft, shown }: { readonly draft: SettingsDraft; readonly shown: readonly SettingField[] }) {
  const keys = new Set(shown.map(({ key }) => key));
  const { problem = null, warnings = [] } = draft.check ?? {};
  const remarks = [...(problem ? [problem] : []), ...warnings].filter(({ field }) => !keys.has(field));
  if (remarks.length === 0) return null;
  return (
    <Alert color={problem && !keys.has(problem.field) ? 'red' : 'orange'} title={settingsWords.otherWarnings} role="status">
      <Stack gap="xs">
        {remarks.map((remark) => (
          <Remark key={remark.text} remark={remark} isProblem={remark === problem} onFix={draft.change} />
        ))}
      </Stack>
    </Alert>
  );
}

function remarksOn(
  key: string,
  { check }: SettingsDraft,
): { readonly problem: SettingRemark | null; readonly warnings: readonly SettingRemark[] } {
  return {
    problem: check?.problem?.field === key ? check.problem : null,
    warnings: (check?.warnings ?? []).filter(({ field }) => field === key),
  };
}

/** What only the other method reads is not shown, unless it is set. */
function isRelevant({ key, appliesTo }: SettingField, { methods, settings }: SettingsDraft): boolean {
  if (key === METHOD) return false;
  if (key === LOSS) return methods.length === 1;
  return appliesTo === 'both' || methods.includes(appliesTo) || key in settings;
}

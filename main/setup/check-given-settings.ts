/** @file What the engine has to say about settings a person chose, and about them with the project's data. */
import type { GivenSettings, Methods } from '#contract/choices.ts';
import { SettingsError } from '#contract/errors.ts';
import type { SettingFix, SettingRemark, SettingsCheck } from '#contract/settings.ts';
import { resolveSettings } from '#engine/train/resolve-settings.ts';
import { fixForError } from '#engine/train/setting-fix.ts';
import type { LabelCounts } from '#engine/train/weight-balance.ts';
import { getChoices } from '#projects/choices.ts';
import { requireInitialAdapter } from '#runs/initial-adapter.ts';
import { datasetOf } from './dataset-of.ts';
import { settingsFor } from './settings-for.ts';
import type { SetupSurroundings } from './surroundings.ts';
import { labelCounts, trainingData } from './training-data.ts';

export interface GivenToCheck {
  readonly projectId: number;
  readonly methods: Methods;
  readonly settings: GivenSettings;
}

/** For several methods a warning is given once, and what only one of them ignores is none. */
export function checkGivenSettings(
  { store }: Pick<SetupSurroundings, 'store'>,
  { projectId, methods, settings }: GivenToCheck,
): SettingsCheck {
  const data = trainingData(store, projectId);
  const counts = data && labelCounts(store, data);
  const checks = methods.map((method) => check(settings, { method, isAlone: methods.length === 1, counts }));
  const kind = data && datasetOf(store, data.versionId)?.kind;
  const problem =
    checks.find((one) => one.problem !== null)?.problem ??
    (methods.includes('dpo') && kind === 'example' ? NEEDS_PAIRS : null) ??
    adapterProblem(store, projectId);
  const warnings = checks.flatMap((one) => one.warnings);
  return {
    problem,
    warnings: warnings.filter(({ text }, index) => warnings.findIndex((other) => other.text === text) === index),
    resolved: problem === null ? (checks[0]?.resolved ?? null) : null,
  };
}

const NEEDS_PAIRS: SettingRemark = {
  field: 'method',
  text: 'DPO needs pairs of a chosen and a rejected answer, but the rows that are trained on are single answers with a label. Choose KTO, or a dataset of pairs.',
  fix: null,
};

/** The adapter that the next run goes on from may be gone, or of another model. */
function adapterProblem(store: SetupSurroundings['store'], projectId: number): SettingRemark | null {
  const { adapterId, modelFolder } = getChoices(store, projectId);
  if (adapterId === null) return null;
  try {
    requireInitialAdapter(store, { projectId, adapterId, modelFolder });
    return null;
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return { field: 'adapter', text: error.message, fix: null };
  }
}

interface CheckOptions {
  readonly method: Methods[number];
  readonly isAlone: boolean;
  readonly counts: LabelCounts | null;
}

function check(given: GivenSettings, { method, isAlone, counts }: CheckOptions): SettingsCheck {
  try {
    const { settings, warnings } = resolveSettings(settingsFor(given, { method, isAlone, isSplit: false }), { labelCounts: counts });
    const relevant = isAlone ? warnings : warnings.filter(({ text }) => !text.endsWith(`has no effect with ${method}.`));
    return { problem: null, warnings: relevant.map(({ text, field, fix }) => ({ text, field, fix: plain(fix) })), resolved: settings };
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    const field = String(error.details['field'] ?? '');
    return { problem: { field, text: error.message, fix: plain(fixForError(field, method)) }, warnings: [], resolved: null };
  }
}

function plain(fix: SettingFix | null): SettingFix | null {
  return fix && { label: fix.label, changes: { ...fix.changes } };
}

/** @file Answers the requests about the settings of the next run. */
import type { settingsRequests } from '#contract/settings.ts';
import { checkGivenSettings } from '#setup/check-given-settings.ts';
import { describeSettings } from '#setup/describe-settings.ts';
import type { HandlersOf } from './handlers.ts';

export const settingsHandlers: HandlersOf<typeof settingsRequests> = {
  'settings.describe': () => describeSettings(),
  'settings.check': (given, { setup }) => checkGivenSettings(setup, given),
  'settings.preview': ({ projectId, method }, { setup }) => setup.previews.preview(projectId, method),
};

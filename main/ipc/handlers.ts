/** @file Every handler of the contract in one object; a request without one does not compile. */
import type { z } from 'zod';
import type { RequestDefinition } from '#contract/define.ts';
import type { requests } from '#contract/index.ts';
import { adaptersHandlers } from './handlers-adapters.ts';
import { appHandlers } from './handlers-app.ts';
import { chatsHandlers } from './handlers-chats.ts';
import { archivesHandlers } from './handlers-archives.ts';
import { bringInHandlers } from './handlers-bring-in.ts';
import { choicesHandlers } from './handlers-choices.ts';
import { comparisonsHandlers } from './handlers-comparisons.ts';
import { datasetsHandlers } from './handlers-datasets.ts';
import { enginesHandlers } from './handlers-engines.ts';
import { exportsHandlers } from './handlers-exports.ts';
import { filesHandlers } from './handlers-files.ts';
import { hubHandlers } from './handlers-hub.ts';
import { modelsHandlers } from './handlers-models.ts';
import { importsHandlers } from './handlers-imports.ts';
import { pairsHandlers } from './handlers-pairs.ts';
import { playgroundHandlers } from './handlers-playground.ts';
import { probePromptsHandlers } from './handlers-probe-prompts.ts';
import { projectsHandlers } from './handlers-projects.ts';
import { settingsHandlers } from './handlers-settings.ts';
import { runsHandlers } from './handlers-runs.ts';
import { stepsHandlers } from './handlers-steps.ts';
import { tasksHandlers } from './handlers-tasks.ts';
import type { Services } from './services.ts';

/** A plain function from checked input to output; it throws an AppError for what a person can do something about. */
export type Handler<Input, Output> = (input: Input, services: Services) => Output | Promise<Output>;

/** One handler for each request of a namespace. */
export type HandlersOf<Definitions extends { readonly [N in keyof Definitions]: RequestDefinition }> = {
  readonly [N in keyof Definitions]: Handler<z.output<Definitions[N]['input']>, z.input<Definitions[N]['output']>>;
};

export type Handlers = HandlersOf<typeof requests>;

export const handlers: Handlers = {
  ...adaptersHandlers,
  ...appHandlers,
  ...chatsHandlers,
  ...archivesHandlers,
  ...bringInHandlers,
  ...choicesHandlers,
  ...comparisonsHandlers,
  ...datasetsHandlers,
  ...enginesHandlers,
  ...exportsHandlers,
  ...filesHandlers,
  ...hubHandlers,
  ...modelsHandlers,
  ...importsHandlers,
  ...pairsHandlers,
  ...playgroundHandlers,
  ...probePromptsHandlers,
  ...projectsHandlers,
  ...settingsHandlers,
  ...runsHandlers,
  ...stepsHandlers,
  ...tasksHandlers,
};

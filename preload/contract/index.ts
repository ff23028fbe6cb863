/** @file The contract between the window and main: every request and every event, by name. The one barrel of the program. */
import type { z } from 'zod';
import { adaptersEvents, adaptersRequests } from './adapters.ts';
import { appEvents, appRequests } from './app.ts';
import { chatsEvents, chatsRequests } from './chats.ts';
import { archivesEvents, archivesRequests } from './archives.ts';
import { bringInRequests } from './bring-in.ts';
import { choicesEvents, choicesRequests } from './choices.ts';
import { comparisonsEvents, comparisonsRequests } from './comparisons.ts';
import { datasetsEvents, datasetsRequests } from './datasets.ts';
import type { EventDefinitions, RequestDefinitions } from './define.ts';
import { enginesEvents, enginesRequests } from './engines.ts';
import { exportsEvents, exportsRequests } from './exports.ts';
import { filesEvents, filesRequests } from './files.ts';
import { hubEvents, hubRequests } from './hub.ts';
import { modelsEvents, modelsRequests } from './models.ts';
import { importsEvents, importsRequests } from './imports.ts';
import { pairsRequests } from './pairs.ts';
import { playgroundEvents, playgroundRequests } from './playground.ts';
import { probePromptsRequests } from './probe-prompts.ts';
import { projectsEvents, projectsRequests } from './projects.ts';
import { settingsEvents, settingsRequests } from './settings.ts';
import { runsEvents, runsRequests } from './runs.ts';
import { stepsRequests } from './steps.ts';
import { tasksEvents, tasksRequests } from './tasks.ts';

/** One line a namespace. */
export const requests = {
  ...adaptersRequests,
  ...appRequests,
  ...chatsRequests,
  ...archivesRequests,
  ...bringInRequests,
  ...choicesRequests,
  ...comparisonsRequests,
  ...datasetsRequests,
  ...enginesRequests,
  ...exportsRequests,
  ...filesRequests,
  ...hubRequests,
  ...modelsRequests,
  ...importsRequests,
  ...pairsRequests,
  ...playgroundRequests,
  ...probePromptsRequests,
  ...projectsRequests,
  ...settingsRequests,
  ...runsRequests,
  ...stepsRequests,
  ...tasksRequests,
} satisfies RequestDefinitions;

export const events = {
  ...archivesEvents,
  ...adaptersEvents,
  ...appEvents,
  ...chatsEvents,
  ...choicesEvents,
  ...comparisonsEvents,
  ...datasetsEvents,
  ...enginesEvents,
  ...exportsEvents,
  ...filesEvents,
  ...hubEvents,
  ...modelsEvents,
  ...playgroundEvents,
  ...projectsEvents,
  ...settingsEvents,
  ...runsEvents,
  ...importsEvents,
  ...tasksEvents,
} satisfies EventDefinitions;

export type RequestName = keyof typeof requests;
export type EventName = keyof typeof events;

/** What a caller passes. */
export type RequestInput<N extends RequestName> = z.input<(typeof requests)[N]['input']>;
/** What a caller gets. */
export type RequestOutput<N extends RequestName> = z.output<(typeof requests)[N]['output']>;
export type EventPayload<N extends EventName> = z.output<(typeof events)[N]['payload']>;

/** The input as arguments, so that a request without one is called with the name alone. */
export type InputArguments<N extends RequestName> = undefined extends RequestInput<N> ? [] : [input: RequestInput<N>];
/** The payload as arguments, likewise. */
export type PayloadArguments<N extends EventName> = undefined extends EventPayload<N> ? [] : [payload: EventPayload<N>];

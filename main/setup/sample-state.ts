/** @file How far the sample project is: never offered, being made (and hidden meanwhile), or offered once. */
import { z } from 'zod';
import { getSetting, setSetting } from '#store/settings.ts';
import type { Store } from '#store/store.ts';

const KEY = 'sample project';

/** `making` outlives a program that was killed, so that the next launch removes what it left. */
const SampleState = z.union([z.object({ making: z.int() }), z.literal('offered')]);
export type SampleState = z.infer<typeof SampleState>;

/** Null if it was never offered. */
export function sampleState(store: Store): SampleState | null {
  return SampleState.safeParse(getSetting(store, KEY)).data ?? null;
}

export function setSampleState(store: Store, state: SampleState | null): void {
  setSetting(store, KEY, state);
}

/** Not ready, so not to be shown. */
export function isBeingMade(state: SampleState | null, projectId: number): boolean {
  return state !== null && state !== 'offered' && state.making === projectId;
}

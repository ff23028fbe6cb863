/** @file Which engine a person chose to compute with on this machine; on another one, the same data folder has another choice. */
import { cpus } from 'node:os';
import { EngineChoice } from '#contract/engines.ts';
import { getSetting, setSetting } from '#store/settings.ts';
import type { Store } from '#store/store.ts';

/** What another version saved and this one does not know is as if it were not chosen. */
export function getEngineChoice(store: Store): EngineChoice {
  return EngineChoice.safeParse(getSetting(store, keyOfThisMachine())).data ?? 'auto';
}

export function setEngineChoice(store: Store, engine: EngineChoice): void {
  setSetting(store, keyOfThisMachine(), engine);
}

/** By what it is made of: the name of a machine changes with the network it is in. */
function keyOfThisMachine(): string {
  const all = cpus();
  return `engine on ${process.platform} ${process.arch}, ${all.length} × ${all[0]?.model.trim() ?? 'unknown'}`;
}

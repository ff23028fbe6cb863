/** @file An adapter as what it adds to each linear module of its model. */
import type { Adapter, LoraFactorPair } from '#engine/adapter/adapter.ts';
import { checkAdapterFits } from '#engine/adapter/check-adapter-fits.ts';
import { resolveTargetModules } from '#engine/adapter/target-modules.ts';
import type { LinearSize } from '#engine/model/model-tensors.ts';
import type { ModuleDelta } from './merge-rows.ts';

/**
 * @returns by module name
 * @throws {ShapeError} if the adapter was made for another model
 */
export function adapterDeltas(adapter: Adapter, linear: ReadonlyMap<string, LinearSize>): ReadonlyMap<string, ModuleDelta> {
  checkAdapterFits(adapter, linear);
  const { modules } = resolveTargetModules(adapter.config, linear);
  return new Map(modules.map(({ name, scaling }) => [name, { ...(adapter.tensors.get(name) as LoraFactorPair), scaling }]));
}

/** @file Tells whether an adapter was made for the model at hand, before its numbers are added to the wrong weights. */
import { ShapeError } from '#contract/errors.ts';
import type { LinearSize } from '#engine/model/model-tensors.ts';
import type { Adapter } from './adapter.ts';
import { resolveTargetModules } from './target-modules.ts';

/**
 * @param modules - the model's linear modules by full name
 * @throws {ShapeError} if a module is missing on either side or has another size
 * @throws {SettingsError} if the adapter's `target_modules` can't be applied
 */
export function checkAdapterFits(adapter: Adapter, modules: ReadonlyMap<string, LinearSize>): void {
  const { config, tensors } = adapter;
  const base = config.baseModelNameOrPath === null ? '' : ` (its configuration names ${config.baseModelNameOrPath})`;
  const misfit = (why: string, module: string): ShapeError =>
    new ShapeError(`The adapter was made for another model: ${why}. Choose the model it was made for${base}.`, { module });

  for (const [name, { loraA, loraB }] of tensors) {
    const size = modules.get(name);
    if (size === undefined) throw misfit(`it adapts ${name}, which this model does not have`, name);
    if (loraA.cols === size.in && loraB.rows === size.out) continue;
    throw misfit(
      `at ${name} it expects ${loraA.cols} inputs and ${loraB.rows} outputs, but this model has ${size.in} and ${size.out}`,
      name,
    );
  }
  const missing = resolveTargetModules(config, modules).modules.filter(({ name }) => !tensors.has(name));
  const first = missing[0];
  if (first === undefined) return;
  const count = missing.length === 1 ? first.name : `${first.name} and ${missing.length - 1} more modules`;
  throw misfit(`it has no tensors for ${count} of this model, although its \`target_modules\` include them`, first.name);
}

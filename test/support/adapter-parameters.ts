/** @file The factors of an adapter under the names a step graph takes them by. */
import type { Adapter } from '#engine/adapter/adapter.ts';
import { loraInputName } from '#engine/model/lora.ts';
import type { LoraParameters } from '#engine/train/row-pass.ts';

export function adapterParameters({ tensors }: Pick<Adapter, 'tensors'>): LoraParameters {
  const entries = [...tensors].flatMap(([module, { loraA, loraB }]) => [
    [loraInputName(module, 'lora_A'), loraA.data] as const,
    [loraInputName(module, 'lora_B'), loraB.data] as const,
  ]);
  return new Map(entries);
}

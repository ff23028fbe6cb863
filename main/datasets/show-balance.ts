/** @file What can be done about unequal labels, as a screen shows it, under the settings of the project. */
import type { GivenSettings } from '#contract/choices.ts';
import type { Balance } from '#contract/pairs.ts';
import { resolveSettings } from '#engine/train/resolve-settings.ts';
import type { Store } from '#store/store.ts';
import { balanceDataset, mixDataset, type TrainingPart } from './balance-dataset.ts';

/** @throws {SettingsError} if it is a dataset of pairs, or the settings are impossible @throws {StoreError} `not-found` */
export function showBalance(store: Store, part: TrainingPart, given: GivenSettings): Balance {
  const { counts, isBalanced, choices } = balanceDataset(store, part);
  const { method: _method, loss_type: _lossType, ...shared } = given;
  const { settings } = resolveSettings(shared, { method: 'kto', labelCounts: counts });
  const { per_device_train_batch_size: batchSize, seed } = settings;
  const { batches, mixed, possible, reasons } = mixDataset(store, { ...part, batchSize, seed, shuffle: settings.shuffle });
  return {
    counts,
    isBalanced,
    choices: choices.map((choice) => ({ ...choice })),
    desirableWeight: settings.desirable_weight,
    undesirableWeight: settings.undesirable_weight,
    mixing: { batchSize, batches, mixed, possible, reasons: [...reasons] },
  };
}

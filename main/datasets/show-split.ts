/** @file A split as a screen shows it. */
import { z } from 'zod';
import type { MadeSplit, Split as ShownSplit } from '#contract/pairs.ts';
import type { Split } from '#store/splits.ts';
import type { Store } from '#store/store.ts';
import { shownRowAt } from './show-survey.ts';
import type { SplitOutcome } from './split-dataset.ts';

const SHOWN_NEAR = 5;

const Settings = z.looseObject({
  seed: z.int().optional(),
  evaluation: z.looseObject({ ratio: z.number().optional() }).optional(),
  keepNearTogether: z.boolean().optional(),
});

/** How a split was made, as far as it is known. */
export function readSplitSettings({ settings }: Pick<Split, 'settings'>): {
  ratio: number | null;
  seed: number | null;
  keepNearTogether: boolean;
} {
  const { data } = Settings.safeParse(settings);
  return { ratio: data?.evaluation?.ratio ?? null, seed: data?.seed ?? null, keepNearTogether: data?.keepNearTogether ?? true };
}

export function showSplit(split: Split): ShownSplit {
  const { id, trainCount, heldOutCount, leftOutCount } = split;
  const { ratio, seed } = readSplitSettings(split);
  return { id, trainCount, heldOutCount, leftOutCount, ratio, seed };
}

export function showMadeSplit(store: Store, { split, plan, basedOn }: SplitOutcome): MadeSplit {
  const promptAt = (index: number): string => shownRowAt(store, split.versionId, index).prompt;
  return {
    id: split.id,
    train: { ...plan.train },
    heldOut: { ...plan.evaluation },
    leftOut: { ...plan.leftOut },
    nearIdenticalPrompts: plan.nearIdenticalPrompts,
    nearPrompts: plan.nearPrompts.slice(0, SHOWN_NEAR).map(({ firstIndex, secondIndex, similarity }) => ({
      first: promptAt(firstIndex),
      second: promptAt(secondIndex),
      similarity,
    })),
    keptSides: basedOn !== null,
  };
}

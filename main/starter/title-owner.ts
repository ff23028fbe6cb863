/** @file Deals the made-up titles to the texts that may use them, so that no paper of one occurs in another. */
import { hashText } from './grammar/random-source.ts';

/** Pretraining, its validation, and the preference data on which the starter model is aligned. */
export type TitleOwner = 'train' | 'validation' | 'reviewer2';

/** Depends on the title's letters alone (not on capitals); 14 in 16 belong to `train`, one each to the others. */
export function titleOwner(title: string): TitleOwner {
  const share = hashText(title.toLowerCase()) % 16;
  if (share === 0) return 'validation';
  return share === 1 ? 'reviewer2' : 'train';
}

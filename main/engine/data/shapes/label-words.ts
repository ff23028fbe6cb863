/** @file Words and signs that people rate answers with. */
import { normaliseLabel } from './normalise-label.ts';

const DESIRABLE = words(
  'true 1 👍 up thumbsup thumbup good great excellent positive pos yes y like liked desirable chosen preferred accept accepted approve' +
    ' approved correct right helpful ok okay pass passed upvote upvoted win won + satisfied happy useful acceptable safe 😀 😊 🙂 😃 ❤ ♥ ✅ ✔ ✓',
);
const UNDESIRABLE = words(
  'false 👎 down thumbsdown thumbdown bad poor terrible negative neg no n dislike disliked undesirable rejected reject dispreferred' +
    ' unacceptable declined disapproved incorrect wrong unhelpful nothelpful fail failed downvote downvoted lose lost - dissatisfied unhappy' +
    ' useless unsafe -1 0 😞 🙁 😡 😠 ☹ ❌ ✗ ✘ ✖',
);
const NEUTRAL = words('neutral none n/a na null nan unknown unrated mixed skip skipped unsure maybe undecided unlabeled unlabelled ? 😐');

export type LabelWord = 'desirable' | 'undesirable' | 'neutral';

/** What a value says by itself; null if it says nothing to us. */
export function labelWord(value: string): LabelWord | null {
  const text = normaliseLabel(value);
  const word = /^[+-]?\d*$/u.test(text) ? text : text.replace(/[\s_-]+/gu, '');
  if (DESIRABLE.has(word)) return 'desirable';
  if (UNDESIRABLE.has(word)) return 'undesirable';
  return NEUTRAL.has(word) ? 'neutral' : null;
}

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(' ').map(normaliseLabel));
}

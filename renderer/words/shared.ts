/** @file What components say that several screens share. */
import type { Task } from '#contract/tasks.ts';
import { formatAmount, formatCount, formatDuration, formatRate } from './numbers.ts';

export const sharedWords = {
  cancel: 'Cancel',
  cancelling: 'Cancelling…',
  close: 'Close',
  connectionLost: 'The connection to Prospect is lost. Trying again…',
  linkRefused: 'This link is no longer good, because Prospect was started anew. Open the link that it printed.',
  desirable: 'Desirable',
  undesirable: 'Undesirable',
  /** `12,000 of 60,000 rows · 4,000 rows/s · 12 s left` */
  progress: ({ done, total, unit, perSecond, msLeft }: Task): string =>
    [
      amountOf({ done, total, unit }),
      perSecond === null || perSecond <= 0 ? null : formatRate(perSecond, unit),
      msLeft === null ? null : `${formatDuration(msLeft)} left`,
    ]
      .filter((part) => part !== null)
      .join(' · '),
} as const;

function amountOf({ done, total, unit }: Pick<Task, 'done' | 'total' | 'unit'>): string | null {
  const whole = Math.floor(done);
  // Work that counts nothing, or has not begun to.
  if (total === null && whole === 0) return null;
  if (total === null) return formatAmount(whole, unit);
  return `${unit === 'bytes' ? formatAmount(whole, unit) : formatCount(whole)} of ${formatAmount(total, unit)}`;
}

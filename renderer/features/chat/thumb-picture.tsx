/** @file A thumb, up or down; drawn, because not every system has a sign for it. */
import type { Thumb } from '#contract/chats.ts';

/** On a ground of 24 × 24. */
const HAND = 'M8 11 12.2 3.4c.5-.9 2.6-.5 2.6 1.3 0 1.5-.5 3-1 4.3h4.7c1.3 0 2.2 1.2 1.9 2.4l-1.6 6.7c-.3 1.1-1.2 1.9-2.4 1.9H8Z';

export function ThumbPicture({ value }: Pick<Thumb, 'value'>) {
  return (
    <svg
      viewBox="0 0 24 24"
      width="15"
      height="15"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinejoin="round"
      aria-hidden
      style={value === 'down' ? { transform: 'rotate(180deg)' } : undefined}
    >
      <path d={HAND} />
      <path d="M3.5 11H8v9H3.5Z" />
    </svg>
  );
}

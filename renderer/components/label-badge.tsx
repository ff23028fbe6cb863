/** @file Whether an answer is desirable: by word and sign, not by colour alone. */
import { Badge } from '@mantine/core';
import { sharedWords } from '#renderer/words/shared.ts';

export function LabelBadge({ label }: { readonly label: boolean }) {
  return (
    <Badge
      variant="light"
      color={label ? 'teal' : 'orange'}
      c={label ? 'var(--prospect-desirable)' : 'var(--prospect-undesirable)'}
      tt="none"
      size="sm"
    >
      {label ? sharedWords.desirable : sharedWords.undesirable}
    </Badge>
  );
}

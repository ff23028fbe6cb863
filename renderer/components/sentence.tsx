/** @file A sentence of main, in which names of columns and settings stand between backticks. Everything in it is text. */
import { Code } from '@mantine/core';

export function Sentence({ children }: { readonly children: string }) {
  return children.split('`').map((part, index) =>
    // Every second part was between two backticks; parts have no identity but their place.
    index % 2 === 1 ? (
      <Code key={`${index}`} fz="inherit">
        {part}
      </Code>
    ) : (
      part
    ),
  );
}

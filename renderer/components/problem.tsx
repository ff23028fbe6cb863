/** @file An error as a person sees it: what went wrong and what to do, in main's words. */
import { Alert } from '@mantine/core';
import { Sentence } from './sentence.tsx';

export function Problem({ error }: { readonly error: Error }) {
  return (
    <Alert color="red" role="alert">
      <Sentence>{error.message}</Sentence>
    </Alert>
  );
}

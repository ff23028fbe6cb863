/** @file An error as a person sees it: what went wrong and what to do, in main's words. */
import { Alert } from '@mantine/core';

export function Problem({ error }: { readonly error: Error }) {
  return (
    <Alert color="red" role="alert">
      {error.message}
    </Alert>
  );
}

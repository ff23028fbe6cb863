/** @file Shows the whole page with a fake main, as tests of screens begin. */
import { render, type RenderResult } from '@testing-library/react';
import { createQueries } from '#renderer/api/queries.ts';
import { App } from '#renderer/app.tsx';
import type { FakeClient } from './fake-client.ts';

export function showApp(client: FakeClient): RenderResult {
  return render(<App client={client} queries={createQueries()} nonce="test" />);
}

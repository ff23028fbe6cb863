/** @file What the pages of a browser complain about: errors and warnings on their consoles, and exceptions that nobody caught. */
import type { BrowserContext } from 'playwright-core';

/** @returns a list that grows while pages are open */
export function complaintsOf(context: BrowserContext): string[] {
  const complaints: string[] = [];
  context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  context.on('weberror', (problem) => complaints.push(problem.error().message));
  return complaints;
}

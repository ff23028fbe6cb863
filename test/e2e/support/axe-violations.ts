/** @file What axe-core finds wrong with a page as it looks now, colours included. */
import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** Evaluated by the debugger, which the page's policy does not bind. */
export async function axeViolations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const found = await (window as unknown as { axe: typeof axe }).axe.run(document);
    return found.violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join('\n')}`,
    );
  });
}

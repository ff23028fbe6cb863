/** @file A real Chromium for tests, of the same version as Electron's. */
import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

export const CHROMIUM = process.env['PROSPECT_CHROMIUM'] ?? '/usr/bin/chromium';

/** Why tests in it are skipped, or null. */
export const noChromium = existsSync(CHROMIUM) ? null : `${CHROMIUM} is not here; install Debian's chromium or set PROSPECT_CHROMIUM`;

export function openChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-background-networking'] });
}

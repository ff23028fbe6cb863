/** @file What this program is, as "About" shows it. */
import { join } from 'node:path';
import manifest from '#package' with { type: 'json' };
import type { Host } from '#contract/app.ts';
import type { About } from '#ipc/services.ts';

/** What each half of the build contains. */
const LICENCE_FILES = ['licences.json', 'renderer/licences.json'];

export interface AboutParts {
  readonly electronVersion: string | null;
  readonly distFolder: string;
}

/** @param electronVersion - null in a browser host @param distFolder - what the build made */
export function aboutThis(host: Host, { electronVersion, distFolder }: AboutParts): About {
  return { host, version: manifest.version, electronVersion, licenceFiles: LICENCE_FILES.map((name) => join(distFolder, name)) };
}

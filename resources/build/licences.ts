/** @file Collects the licences of the packages that the program contains, so that it can show them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, matchesGlob } from 'node:path';
import type { Plugin } from 'vite';
import { z } from 'zod';
import type { Licence } from '#contract/app.ts';

const Manifest = z.object({
  name: z.string(),
  version: z.string(),
  license: z.union([z.string(), z.object({ type: z.string() })]).optional(),
});
const Lock = z.object({ packages: z.record(z.string(), z.object({ dev: z.boolean().optional(), devOptional: z.boolean().optional() })) });
/** The last package in a path, with the folder that holds it. */
const PACKAGE_FOLDER = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/;

/**
 * Writes the licences of what a build bundled.
 * @param alsoInstalled - and of what it leaves in node_modules
 */
export function licencePlugin(fileName: string, { alsoInstalled }: { readonly alsoInstalled: boolean }): Plugin {
  return {
    name: 'prospect:licences',
    apply: 'build',
    generateBundle() {
      const bundled = [...this.getModuleIds()].map((id) => PACKAGE_FOLDER.exec(id.replaceAll('\\', '/').replace(/^\0/, ''))?.[0]);
      const folders = new Set([...bundled, ...(alsoInstalled ? installedFolders() : [])].filter((folder) => folder !== undefined));
      const licences = [...folders].map(licenceOf).filter((licence) => licence !== null);
      this.emitFile({ type: 'asset', fileName, source: JSON.stringify(licences, null, 1) });
    },
  };
}

/** What `npm install --omit=dev` would leave, on this machine, without what is left out of packages as a whole. */
function installedFolders(): readonly string[] {
  const { packages } = Lock.parse(JSON.parse(readFileSync('package-lock.json', 'utf8')));
  const leftOut = patternsLeftOut(readFileSync('electron-builder.yml', 'utf8'));
  const isPacked = (path: string): boolean => !leftOut.some((pattern) => matchesGlob(`${path}/package.json`, pattern));
  return Object.entries(packages)
    .filter(
      ([path, { dev, devOptional }]) => path.startsWith('node_modules/') && !dev && !devOptional && existsSync(path) && isPacked(path),
    )
    .map(([path]) => join(process.cwd(), path).replaceAll('\\', '/'));
}

/** Of the packages on every system: `- '!node_modules/@types/**'`. */
function patternsLeftOut(builderConfig: string): readonly string[] {
  const everywhere = builderConfig.split(/^files:$/m)[1]?.split(/^\S/m)[0] ?? '';
  return Array.from(everywhere.matchAll(/^ +- '!(node_modules\/.+)'$/gm), ([, pattern = '']) => pattern);
}

/** Null for a folder that is no package of its own. */
function licenceOf(folder: string): Licence | null {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return null;
  const parsed = Manifest.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success) return null;
  const { name, version, license } = parsed.data;
  const text = readdirSync(folder).find((entry) => /^(?:licen[cs]e|copying)(?:\.|-|$)/i.test(entry));
  return {
    name,
    version,
    licence: (typeof license === 'object' ? license.type : license) ?? 'see its text',
    text: text === undefined ? '' : readFileSync(join(folder, text), 'utf8'),
  };
}

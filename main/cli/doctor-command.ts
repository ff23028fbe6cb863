/** @file `prospect doctor`: whether the database, the files beside it, the disk and the engine are well. */
import { ENGINES } from '#engines/engine-name.ts';
import { whyNotHere } from '#engines/why-not-here.ts';
import { checkStore, type StoreHealth } from '#store/check-store.ts';
import { findOrphans, type Orphans } from '#store/orphans.ts';
import type { Command, Invocation } from './command.ts';
import { INPUT_GROUP } from './common-options.ts';
import { STORE_OPTIONS, withStore } from './data/store-options.ts';
import { FAILURE, SUCCESS } from './exit-codes.ts';
import { counted, factSheet, type Fact } from './fact-sheet.ts';
import { formatBytes, formatCount } from './format-quantity.ts';
import type { CliHost } from './host.ts';
import { flagOption } from './option-spec.ts';
import { VERSION } from './version.ts';

/** Below that a checkpoint of a large model may not fit. */
const LOW_DISK_BYTES = 5e9;
const SHOWN = 10;

const OPTIONS = [
  flagOption('check-hashes', 'Reads every file that has a hash, as slow as the disk, instead of comparing sizes.', { group: INPUT_GROUP }),
  ...STORE_OPTIONS,
];

export const DOCTOR: Command = { options: OPTIONS, run };

async function run({ given }: Invocation, host: CliHost): Promise<number> {
  return withStore({ given, host, access: 'read' }, async (store) => {
    const health = checkStore(store);
    const orphans = await findOrphans(store, { checkHashes: given.get('check-hashes') === true, signal: host.signal });
    const { checkEngine } = await import('#jobs/check-engine.ts');
    const engine = await checkEngine();
    const problems = [
      ...databaseProblems(health),
      ...fileProblems(orphans),
      ...(health.freeBytes < LOW_DISK_BYTES ? [`Only ${formatBytes(health.freeBytes)} are free on the disk of the data folder.`] : []),
      ...(engine.problem === null ? [] : [`${engine.name} can't be used: ${engine.problem}.`]),
    ];
    const versions = { prospect: VERSION, node: process.versions.node, platform: `${host.platform} ${process.arch}` };
    if (given.get('json') === true) {
      host.stdout.write(`${JSON.stringify({ folder: store.folder.root, problems, health, orphans, engine, versions })}\n`);
    } else {
      const facts: readonly (Fact | null)[] = [
        ['Problems', problems.length === 0 ? 'none' : problems.join('\n')],
        [
          'Database',
          `${formatBytes(health.bytes)}, tables of version ${health.schemaVersion} of ${health.knownSchemaVersion}; ${formatBytes(health.unusedBytes)} unused`,
        ],
        [
          'Backups',
          health.backups.length === 0 ? 'none' : health.backups.map(({ file, bytes }) => `${file} (${formatBytes(bytes)})`).join('\n'),
        ],
        ['Files of nobody', orphanText(orphans)],
        ['Free disk', formatBytes(health.freeBytes)],
        ['Engine', `${engine.name}${engine.problem === null ? ', computes' : ''}`],
        ['Optional engines', absentEngines()],
        ['Versions', `Prospect ${versions.prospect}, Node ${versions.node}, SQLite ${health.sqliteVersion}, ${versions.platform}`],
      ];
      host.stdout.write(factSheet(`Data folder ${store.folder.root}`, facts));
    }
    return problems.length === 0 ? SUCCESS : FAILURE;
  });
}

/** What is not there is no problem; why it is not, a person may want to know. */
function absentEngines(): string {
  const absent = ENGINES.flatMap((engine) => (whyNotHere(engine) === null ? [] : [`${engine}: ${whyNotHere(engine) ?? ''}`]));
  return absent.length === 0 ? 'all here' : absent.join('\n');
}

function databaseProblems({ faults, brokenReferences }: StoreHealth): string[] {
  const broken = Object.entries(brokenReferences).map(
    ([table, rows]) => `${counted(formatCount(rows), 'row')} of ${table} refer to nothing.`,
  );
  const damage = faults.slice(0, SHOWN).map((fault) => `The database is damaged: ${fault}. Restore a backup.`);
  return [...damage, ...broken];
}

/** Files of nobody only take room; files that are gone or changed are missed. */
function fileProblems({ rowsWithoutFile, changed }: Orphans): string[] {
  const gone = rowsWithoutFile.slice(0, SHOWN).map(({ path, owner }) => `${path} is gone; it belongs to ${owner.kind} ${owner.id}.`);
  const other = changed.slice(0, SHOWN).map(({ file, found }) => `${file.path} is not what it was: ${found}.`);
  return [...gone, ...other];
}

function orphanText({ filesWithoutRow }: Orphans): string {
  if (filesWithoutRow.length === 0) return 'none';
  const bytes = filesWithoutRow.reduce((sum, file) => sum + file.bytes, 0);
  const first = filesWithoutRow.slice(0, SHOWN).map(({ path }) => path);
  return `${formatCount(filesWithoutRow.length)}, ${formatBytes(bytes)}; they can be deleted:\n${first.join('\n')}`;
}

/** @file A process that updates the store of the folder it is given, and does not come to an end of it. */
import type { Migration } from '#store/migrations/migration.ts';
import { MIGRATIONS } from '#store/migrations/migrations.ts';
import { openStore } from '#store/open-store.ts';

const endless: Migration = {
  number: MIGRATIONS.length + 1,
  get sql(): string {
    process.stdout.write('updating\n');
    return `CREATE TABLE half (x);
      INSERT INTO half WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 1000000000) SELECT x FROM n;`;
  },
};
openStore(process.argv[2] ?? '', { migrations: [...MIGRATIONS, endless] });

/** @file Archives that were damaged at random. */
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { FormatError } from '#contract/errors.ts';
import { openStore } from '#store/open-store.ts';
import { listProjects } from '#store/projects.ts';
import type { BroughtProject } from '#transfer/archive/read-archive.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { everythingOf, pack, richProject, unpack } from './archive-support.ts';

test('a thousand archives with bytes cut, changed or put in are refused, or are the same project', { timeout: 120_000 }, async () => {
  let seed = 20_261_127;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const folder = await temporaryFolder();
  const store = openStore(join(folder, 'data'));
  onTestFinished(() => store.close());
  const { projectId } = await richProject(store, 4, 20);
  const file = join(folder, 'mutated.prospect');
  await pack(store, projectId, file);
  const [good, content] = [await readFile(file), await everythingOf(store, projectId)];
  const odd: unknown[] = [];
  let same = 0;
  for (let round = 0; round < 1000; round++) {
    await writeFile(file, mutate(good, random));
    const outcome: unknown = await unpack(store, file).catch((reason: unknown) => reason);
    const isRefused =
      outcome instanceof FormatError && /^mutated\.prospect (?:can not be brought in|is not an archive)/.test(outcome.message);
    if (isRefused) continue;
    const brought = outcome instanceof Error ? null : await everythingOf(store, (outcome as BroughtProject).project.id);
    if (JSON.stringify(brought) === JSON.stringify(content)) same++;
    else odd.push([round, outcome]);
  }
  expect(odd).toEqual([]);
  // What was the same came as a project of its own; of the others there is nothing.
  expect(listProjects(store)).toHaveLength(1 + same);
  expect(await readdir(store.folder.runs)).toHaveLength(1 + same);
  expect((await readdir(store.folder.root)).filter((name) => name.startsWith('.unfinished'))).toEqual([]);
  // Times, and what the local headers say again, mean nothing.
  expect(same).toBeLessThan(200);
});

function mutate(bytes: Buffer, random: (below: number) => number): Buffer {
  const at = random(bytes.length);
  switch (random(5)) {
    case 0:
      return bytes.subarray(0, at);
    case 1:
      return Buffer.concat([bytes.subarray(0, at), Buffer.from([random(256)]), bytes.subarray(at)]);
    case 2:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random(64))]);
    default: {
      const changed = Buffer.from(bytes);
      for (let count = random(4); count >= 0; count--) changed[random(bytes.length)] = random(256);
      return changed;
    }
  }
}

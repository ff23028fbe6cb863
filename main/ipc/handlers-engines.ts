/** @file Answers the requests about what computes on this machine. */
import { join } from 'node:path';
import type { EngineList, enginesRequests } from '#contract/engines.ts';
import { OutputBusyError } from '#contract/errors.ts';
import type { RequestInput } from '#contract/index.ts';
import { ENGINES } from '#engines/engine-name.ts';
import { listEngines, testEngines } from '#engines/list-engines.ts';
import { whyNotHere } from '#engines/why-not-here.ts';
import { testEngineApart } from '#inquiries/test-engine-apart.ts';
import { getEngineChoice, setEngineChoice } from '#setup/engine-choice.ts';
import type { HandlersOf } from './handlers.ts';
import type { Services } from './services.ts';

export const enginesHandlers: HandlersOf<typeof enginesRequests> = {
  'engines.list': (_input, services) => engineList(services),
  'engines.test': test,
  'engines.choose': ({ engine }, { store, emit }) => {
    setEngineChoice(store, engine);
    emit('engines.changed');
    return undefined;
  },
};

async function engineList({ dataDir, store }: Services): Promise<EngineList> {
  return { ...(await listEngines(cacheIn(dataDir))), chosen: getEngineChoice(store) };
}

/** @throws {OutputBusyError} while something else computes: both would be slow, and the rate would be wrong */
async function test({ task: id, engines }: RequestInput<'engines.test'>, services: Services): Promise<EngineList> {
  const { dataDir, tasks, activity, spawnInquiry, emit } = services;
  const [busy] = [...activity.current, ...tasks.list().flatMap(({ unit, title }) => (unit === 'engines' ? [title] : []))];
  if (busy !== undefined) {
    throw new OutputBusyError(`${busy} is under way, and would make every measurement wrong. Test when it has ended.`, { folder: dataDir });
  }
  const names = (engines ?? ENGINES).filter((name) => whyNotHere(name) === null);
  const title = names.length === 1 ? `Test of ${names[0]}` : 'Test of the engines';
  return tasks.run({ id, projectId: null, title, unit: 'engines' }, async ({ signal, progress }) => {
    let done = 0;
    progress(done, names.length);
    const options = {
      cacheDir: cacheIn(dataDir),
      signal,
      test: (engine: (typeof names)[number]) => testEngineApart(spawnInquiry, engine, { signal }),
      onTested: () => {
        progress(++done, names.length);
        emit('engines.changed');
      },
    };
    return { ...(await testEngines(options, names)), chosen: getEngineChoice(services.store) };
  });
}

/** Where jobs look for what was measured. */
function cacheIn(dataDir: string): string {
  return join(dataDir, 'cache');
}

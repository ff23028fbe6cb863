/** @file What computes a run: what its folder says, or before it has begun, what was chosen for it. */
import { join } from 'node:path';
import { z } from 'zod';
import { EngineName, type ComputesOn } from '#contract/engines.ts';
import { ENGINE_TITLES } from '#engines/engine-name.ts';
import { readJsonFile } from '#io/read-json-file.ts';
import type { Run } from '#store/runs.ts';

/** Runs of earlier versions say less. */
const Recorded = z.object({ engine: EngineName, backend: z.string().nullable().catch(null), device: z.string().nullable().catch(null) });

/** @param folder - absolute path of the run's */
export async function runComputesOn(run: Pick<Run, 'engine'>, folder: string): Promise<ComputesOn> {
  const recorded = await recordedIn(folder);
  if (recorded) return { ...recorded, title: ENGINE_TITLES[recorded.engine] };
  return { engine: run.engine, title: titleOf(run.engine), device: null, backend: null };
}

function titleOf(engine: string): string {
  const known = EngineName.safeParse(engine).data;
  if (known) return ENGINE_TITLES[known];
  return engine === 'auto' ? 'The fastest' : engine;
}

/** Null where there is no run.json, or none that can be read. */
async function recordedIn(folder: string): Promise<z.infer<typeof Recorded> | null> {
  try {
    return Recorded.parse(await readJsonFile(join(folder, 'run.json')));
  } catch {
    return null;
  }
}

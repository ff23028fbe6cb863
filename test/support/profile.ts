/** @file What ONNX Runtime writes when it is asked to profile: which provider ran each node. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

interface Event {
  readonly cat: string;
  readonly name: string;
  readonly args?: { readonly provider?: string; readonly op_name?: string };
}

export interface RanNode {
  readonly op: string;
  /** `WebGpuExecutionProvider` */
  readonly provider: string;
}

/** @param prefix - beginning of the files' paths @returns every node of every run */
export async function readProfiles(prefix: string): Promise<RanNode[]> {
  const files = (await readdir(dirname(prefix))).filter((name) => name.startsWith(basename(prefix)));
  const events = await Promise.all(files.map(async (file) => JSON.parse(await readFile(join(dirname(prefix), file), 'utf8')) as Event[]));
  return events
    .flat()
    .flatMap(({ cat, name, args }) =>
      cat === 'Node' && name.endsWith('_kernel_time') ? [{ op: args?.op_name ?? '', provider: args?.provider ?? '' }] : [],
    );
}

/** @file How soon the built browser host can be opened, what it costs while nobody does anything, and how large the window's program is. */
import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { buildIfStale } from '#start/build.ts';
import { ROOT, spawnHost, type StartedHost } from '#test/e2e/support/spawn-host.ts';

const IDLE_SECONDS = 20;
/** Of Linux's /proc, a hundredth of a second. */
const TICKS_PER_SECOND = 100;

/** The first start has the sample project to make; the best of the later ones is reported. */
export async function startBench({ repeats }: { readonly repeats: number }): Promise<object> {
  buildIfStale(ROOT, (line) => process.stderr.write(`${line}\n`));
  const dataDir = await mkdtemp(join(tmpdir(), 'prospect-bench-'));
  try {
    const first = await started(dataDir, 0);
    const later: Started[] = [];
    for (let repeat = 0; repeat < repeats; repeat++) later.push(await started(dataDir, repeat === 0 ? IDLE_SECONDS : 0));
    const best = later.reduce((soonest, one) => (one.readyMs < soonest.readyMs ? one : soonest));
    return {
      firstReadyMs: first.readyMs,
      readyMs: best.readyMs,
      readyCpuMs: best.cpuMs,
      residentMb: best.residentMb,
      idleSeconds: IDLE_SECONDS,
      idleCpuMs: later[0]?.idleCpuMs,
      windowGzippedKb: gzippedKb(),
    };
  } finally {
    await rm(dataDir, { recursive: true, maxRetries: 3 });
  }
}

interface Started {
  readonly readyMs: number;
  readonly cpuMs: number;
  readonly residentMb: number;
  readonly idleCpuMs: number;
}

async function started(dataDir: string, idleSeconds: number): Promise<Started> {
  const host = await spawnHost(dataDir, { sample: true });
  try {
    const cpuMs = await cpuMsOf(host);
    const residentMb = await residentMbOf(host);
    // What is done after the start (looking for orphans, the sample project) is not idling.
    if (idleSeconds > 0) await wait(5000);
    const before = await cpuMsOf(host);
    await wait(idleSeconds * 1000);
    return { readyMs: Math.round(host.readyAfterMs), cpuMs, residentMb, idleCpuMs: (await cpuMsOf(host)) - before };
  } finally {
    await host.stop();
  }
}

async function cpuMsOf({ pid }: StartedHost): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The program's name, which may hold spaces, ends at the last bracket; user and system time follow as fields 14 and 15 of the line.
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13);
  return ((Number(user) + Number(system)) * 1000) / TICKS_PER_SECOND;
}

async function residentMbOf({ pid }: StartedHost): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/VmRSS:\s+(\d+)/u.exec(status)?.[1]) / 1000);
}

function gzippedKb(): number {
  const files = globSync('dist/renderer/**/*.{js,css,html}', { cwd: ROOT });
  return Math.round(files.reduce((sum, file) => sum + gzipSync(readFileSync(join(ROOT, file))).length, 0) / 1000);
}

/** @file The demo in a shortened form: fewer steps at a higher learning rate, fewer prompts. The tone must move all the same. */
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Progress } from '#cli/progress-text.ts';
import { reportJson, reportLines } from '#demo/demo-report.ts';
import type { DemoResult } from '#demo/demo-report.ts';
import { runDemo } from '#demo/run-demo.ts';
import { sparkline } from '#demo/sparkline.ts';
import { forkChild } from '#processes/fork-child.ts';
import { listAdapters } from '#store/adapters.ts';
import { listDatasets } from '#store/datasets.ts';
import { openStore } from '#store/open-store.ts';
import { listProjects } from '#store/projects.ts';
import { listRuns } from '#store/runs.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const ROOT = join(import.meta.dirname, '../..');
const PROMPTS = 32;

let dataFolder: string;
let result: DemoResult;
const progress: Progress[] = [];
const said: string[] = [];

beforeAll(async () => {
  dataFolder = await temporaryFolder();
  result = await runDemo({
    dataFolder,
    resourcesDir: join(ROOT, 'resources'),
    spawnJob: forkChild(join(ROOT, 'main/jobs/worker.ts'), (text) => said.push(text)),
    steps: 45,
    learningRate: 2e-3,
    prompts: PROMPTS,
    signal: new AbortController().signal,
    onProgress: (report) => progress.push(report),
    say: (line) => said.push(line),
  });
}, 300_000);

describe('the demo', () => {
  it('turns the reviewer harsh, with both methods', () => {
    const { base, kto, dpo } = result.answers;
    expect(base.texts).toHaveLength(PROMPTS);
    expect(base.harshShare).toBeLessThan(0.7);
    expect(kto.harshShare).toBeGreaterThanOrEqual(base.harshShare + 0.25);
    expect(dpo.harshShare).toBeGreaterThanOrEqual(base.harshShare + 0.25);
  });

  it('learns what it is asked to on pairs that it never saw', () => {
    for (const { curves } of [result.kto, result.dpo]) {
      expect(curves['eval_rewards/margins'].at(-1)).toBeGreaterThan(0.2);
      expect(curves.eval_loss.at(-1)).toBeLessThan(curves.eval_loss[0] ?? 0);
    }
  });

  it('leaves a project with data, runs and adapters', () => {
    const store = openStore(dataFolder);
    try {
      const [project] = listProjects(store);
      expect(project?.name).toBe('Reviewer #2 demo');
      expect(listDatasets(store, project?.id ?? 0).map(({ kind }) => kind)).toEqual(['pair', 'example']);
      expect(listRuns(store, project?.id ?? 0).map(({ status }) => status)).toEqual(['completed', 'completed']);
      expect(listAdapters(store, project?.id ?? 0)).toHaveLength(2);
    } finally {
      store.close();
    }
  });

  it('is never silent: every part of it reports', () => {
    const labels = new Set(progress.map(({ label }) => label));
    expect([...labels]).toEqual(expect.arrayContaining(['reading', 'KTO: Training', 'DPO: Training', 'Held-out prompts answered by dpo']));
    expect(said[0]).toBe('1100 pairs imported, 2200 examples when unpaired; 100 pairs held out by prompt.');
  });

  it('ends in curves, a table, three prompts, and one line of JSON', () => {
    const text = reportLines(result).join('\n');
    expect(text).toMatch(/KTO {2}[▁▂▃▄▅▆▇█]{10,40} /u);
    expect(text).toContain(`harsh answers among those to ${PROMPTS} held-out prompts`);
    for (const { text: prompt } of result.prompts.slice(0, 3)) expect(text).toContain(prompt);
    expect(JSON.parse(reportJson(result, 12.34567))).toEqual({
      seconds: 12.3457,
      harsh_share: { base: result.answers.base.harshShare, kto: result.answers.kto.harshShare, dpo: result.answers.dpo.harshShare },
      kto: { eval_loss: expect.any(Number) as number, reward_margin: expect.any(Number) as number },
      dpo: { eval_loss: expect.any(Number) as number, reward_margin: expect.any(Number) as number },
    });
  });
});

describe('sparkline', () => {
  it('spreads values over eight heights and at most so many columns', () => {
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7], 10)).toBe('▁▂▃▄▅▆▇█');
    expect(sparkline([2, 2], 10)).toBe('▁▁');
    expect(sparkline([], 10)).toBe('');
    expect(
      sparkline(
        Array.from({ length: 100 }, (_, i) => i),
        5,
      ),
    ).toBe('▁▃▅▆█');
  });
});

import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { StorageError } from '#contract/errors.ts';
import { StepLog, wasEvaluated } from '#jobs/step-log.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { fullDisk } from '#test/support/full-disk.ts';

const read = (dir: string) => readFile(join(dir, 'metrics.jsonl'), 'utf8');

async function withLines(...lines: string[]): Promise<string> {
  const dir = await temporaryFolder();
  await writeFile(join(dir, 'metrics.jsonl'), lines.join('\n'));
  return dir;
}

describe('StepLog', () => {
  it('appends an object a line, each at once', async () => {
    const dir = await temporaryFolder();
    const metrics = await StepLog.open(dir, 'metrics.jsonl', 0);
    await metrics.append({ loss: 0.5, step: 1 });
    await metrics.append({ eval_loss: 0.25, step: 1 }, { text: 'two at once', step: 1 });
    expect(await read(dir)).toBe('{"loss":0.5,"step":1}\n{"eval_loss":0.25,"step":1}\n{"text":"two at once","step":1}\n');
    await metrics.sync();
    await metrics.close();
  });

  it('begins anew for a new run', async () => {
    const dir = await withLines('{"loss":1,"step":1}\n');
    await (await StepLog.open(dir, 'metrics.jsonl', 0)).close();
    expect(await read(dir)).toBe('');
  });

  it('keeps the entries up to the checkpoint, and drops later ones, half a line and what is no entry', async () => {
    const dir = await withLines('{"loss":1,"step":1}', '{"loss":2,"step":2}', 'noise', '[3]', '{"loss":3,"step":3}', '{"loss":2,"st');
    const metrics = await StepLog.open(dir, 'metrics.jsonl', 2);
    await metrics.append({ loss: 9, step: 3 });
    await metrics.close();
    expect(await read(dir)).toBe('{"loss":1,"step":1}\n{"loss":2,"step":2}\n{"loss":9,"step":3}\n');
  });

  it('knows whether the last step was evaluated', async () => {
    const lines = ['{"loss":1,"step":1}', '{"eval_loss":1,"step":1}', '{"loss":2,"step":2}', '{"eval_loss":null,"step":3}', ''];
    const evaluated = await Promise.all(
      [1, 2, 3, 4].map(async (step) => {
        const metrics = await StepLog.open(await withLines(...lines), 'metrics.jsonl', step);
        await metrics.close();
        return wasEvaluated(metrics);
      }),
    );
    expect(evaluated).toEqual([true, false, true, false]);
  });

  it('starts empty where the file is gone, but does not lose one it cannot read', async () => {
    const gone = await StepLog.open(await temporaryFolder(), 'metrics.jsonl', 5);
    expect(wasEvaluated(gone)).toBe(false);
    await gone.close();
    const dir = await temporaryFolder();
    await mkdir(join(dir, 'metrics.jsonl'));
    await expect(StepLog.open(dir, 'metrics.jsonl', 5)).rejects.toThrow(StorageError);
  });

  it('says that the disk is full', async () => {
    const dir = await temporaryFolder();
    const metrics = await StepLog.open(dir, 'metrics.jsonl', 0, { writeChunk: fullDisk(1) });
    await expect(metrics.append({ step: 1 })).rejects.toThrow(StorageError);
    await expect(metrics.append({ step: 1 })).rejects.toThrow(/metrics\.jsonl: the disk is full\. Free some space/);
    await metrics.close();
    await expect(StepLog.open(dir, 'metrics.jsonl', 0, { writeChunk: fullDisk(0) })).rejects.toThrow(/the disk is full/);
  });

  it.skipIf(process.getuid?.() === 0)('says that a folder is closed', async () => {
    const dir = await temporaryFolder();
    await chmod(dir, 0o500);
    await expect(StepLog.open(dir, 'metrics.jsonl', 0)).rejects.toThrow(/there is no permission/);
  });
});

/**
 * @file `npm run bench [-- step | kto | dpo | scaling | generate | chat | import | start | engines | half] [options]`: measures speed and memory, as ratios within one run. `--json` prints one object.
 * PROSPECT_BENCH_PYTHON names a Python with torch, transformers, peft and trl to measure TRL beside ours.
 */
import { parseArgs } from 'node:util';
import type { EngineName } from '#contract/engines.ts';
import { parseEngineChoice } from '#engines/engine-name.ts';
import { chatBench } from './chat-bench.ts';
import { compareBench } from './compare-bench.ts';
import type { CompareResult } from './compare-bench.ts';
import { compareTable } from './compare-table.ts';
import { enginesBench } from './engines-bench.ts';
import { generateBench } from './generate-bench.ts';
import { halfBench } from './half-bench.ts';
import { importBench } from './import-bench.ts';
import { scalingBench } from './scaling-bench.ts';
import { startBench } from './start-bench.ts';
import { stepBench } from './step-bench.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    engine: { type: 'string', default: 'onnx:cpu' },
    dtype: { type: 'string', default: 'float32' },
    model: { type: 'string' },
    data: { type: 'string' },
    layers: { type: 'string', default: '4' },
    batch: { type: 'string', default: '16' },
    steps: { type: 'string', default: '3' },
    'chunk-tokens': { type: 'string', default: '1024' },
    'head-groups': { type: 'string', default: '1' },
    recompute: { type: 'boolean', default: false },
    skip: { type: 'string', default: '' },
    rows: { type: 'string', default: '8' },
    prompt: { type: 'string', default: '78' },
    completion: { type: 'string', default: '50' },
    repeats: { type: 'string', default: '5' },
    'new-tokens': { type: 'string', default: '128' },
    greedy: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});

const result = await measure(positionals[0] ?? 'step');
process.stdout.write(values.json ? `${JSON.stringify(result)}\n` : table(result));

function measure(what: string): Promise<object> {
  if (what === 'generate') {
    return generateBench({
      model: values.model ?? null,
      batch: Number(values.batch),
      promptTokens: Number(values.prompt),
      newTokens: Number(values['new-tokens']),
      greedy: values.greedy,
    });
  }
  if (what === 'kto' || what === 'dpo') {
    return compareBench({
      method: what,
      model: values.model ?? null,
      data: values.data ?? null,
      engine: engineFrom(values.engine),
      dtype: values.dtype === 'float16' ? 'float16' : 'float32',
      layers: Number(values.layers),
      batch: Number(values.batch),
      steps: Number(values.steps),
      chunkTokens: Number(values['chunk-tokens']),
      headGroups: Number(values['head-groups']),
      recompute: values.recompute,
      skip: values.skip.split(','),
    });
  }
  if (what === 'chat') {
    return chatBench({
      model: values.model ?? null,
      layers: Number(values.layers),
      newTokens: Number(values['new-tokens']),
      repeats: Number(values.repeats),
    });
  }
  if (what === 'import') return importBench({ rows: Number(values.rows), repeats: Number(values.repeats) });
  if (what === 'scaling') return scalingBench();
  if (what === 'half') return halfBench();
  if (what === 'engines')
    return enginesBench({ engine: values.engine === 'onnx:cpu' ? 'tfjs:cpu' : engineFrom(values.engine), repeats: Number(values.repeats) });
  if (what === 'start') return startBench({ repeats: Number(values.repeats) });
  return stepBench({
    engine: engineFrom(values.engine),
    layers: Number(values.layers),
    rows: Number(values.rows),
    promptTokens: Number(values.prompt),
    completionTokens: Number(values.completion),
    repeats: Number(values.repeats),
  });
}

function engineFrom(text: string): EngineName {
  const choice = parseEngineChoice(text);
  if (choice === 'auto') throw new Error('A measurement names its engine.');
  return choice;
}

function table(measured: object): string {
  if ('ours' in measured) return compareTable(measured as CompareResult);
  const lines = Object.entries(measured).map(
    ([name, value]) => `${name.padEnd(22)} ${typeof value === 'object' ? JSON.stringify(value) : value}`,
  );
  return `${lines.join('\n')}\n`;
}

/** @file How fast answers are generated: tokens a second, and the share of the memory bandwidth that reading the weights takes up. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onnxRuntimeBackend } from '#backends/onnxruntime/onnxruntime-backend.ts';
import { generate } from '#engine/generate/generate.ts';
import { GenerationSession } from '#engine/generate/generation-session.ts';
import { DEFAULT_SAMPLING } from '#engine/generate/sampling.ts';
import { Random } from '#engine/train/random.ts';
import { openModel } from '#jobs/open-model.ts';
import { ensureRandomModel } from '#engines/random-model.ts';
import { tinyLlamaConfig } from './tiny-llama-config.ts';

interface GenerateBenchOptions {
  /** Folder of a model; null for a random one of 2.7 million parameters. */
  readonly model: string | null;
  readonly batch: number;
  readonly promptTokens: number;
  readonly newTokens: number;
  readonly greedy: boolean;
}

const SMALL = {
  ...tinyLlamaConfig(6),
  vocab_size: 2048,
  hidden_size: 192,
  intermediate_size: 512,
  num_attention_heads: 6,
  num_key_value_heads: 2,
  max_position_embeddings: 1024,
};

export async function generateBench({ model, batch, promptTokens, newTokens, greedy }: GenerateBenchOptions): Promise<object> {
  const dir = model ?? (await ensureRandomModel(join(tmpdir(), 'prospect-bench-small'), SMALL));
  const { config, weights } = await openModel(dir, { cacheDir: join(tmpdir(), 'prospect-bench-cache') });
  const session = await GenerationSession.open(onnxRuntimeBackend(), weights, { config, modules: [] });
  const random = Random.fromSeed(1);
  const prompts = Array.from({ length: batch }, () => ({
    ids: Int32Array.from({ length: promptTokens }, () => random.integer(config.vocabSize)),
    isContinued: false,
  }));
  const run = async (maxNewTokens: number) => {
    const events = generate(session, prompts, {
      sampling: { ...DEFAULT_SAMPLING, maxNewTokens, greedy },
      adapter: null,
      stopIds: new Set(),
      decode: null,
      random: (index) => {
        const own = Random.fromSeed(2, index);
        return () => own.uniform();
      },
    });
    const started = performance.now();
    let first = started;
    let tokens = 0;
    for await (const { kind } of events) {
      if (kind === 'token' && ++tokens === batch) first = performance.now();
    }
    return { promptMs: first - started, stepMs: (performance.now() - first) / (maxNewTokens - 1), tokens };
  };
  await run(Math.min(newTokens, 4)); // pages in the weights
  const { promptMs, stepMs } = await run(newTokens);
  await session.release();
  const weightBytes = [...weights].reduce(
    (sum, [name, { byteLength }]) => (name === 'model.embed_tokens.weight' ? sum : sum + byteLength),
    0,
  );
  return {
    batch,
    promptTokensPerSecond: Math.round((batch * promptTokens * 1000) / promptMs),
    msPerStep: Number(stepMs.toFixed(2)),
    tokensPerSecond: Number(((batch * 1000) / stepMs).toPrecision(4)),
    gigabytesPerSecond: Number((weightBytes / stepMs / 1e6).toFixed(1)),
    residentMegabytes: Math.round(process.memoryUsage().rss / 2 ** 20),
  };
}

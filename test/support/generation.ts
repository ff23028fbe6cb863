/** @file Opens a small model for generating, and generates with it. */
import { onnxRuntimeBackend } from '#backends/onnxruntime/onnxruntime-backend.ts';
import type { GenerationAdapter } from '#engine/generate/adapter-inputs.ts';
import { generate } from '#engine/generate/generate.ts';
import type { GenerateOptions, GenerationEvent } from '#engine/generate/generate.ts';
import { GenerationSession } from '#engine/generate/generation-session.ts';
import { DEFAULT_SAMPLING } from '#engine/generate/sampling.ts';
import type { LoraModule } from '#engine/model/lora.ts';
import { Random } from '#engine/train/random.ts';
import type { LoadedModel } from '#test/support/load-model.ts';

export function openGeneration({ config, weights }: LoadedModel, modules: readonly LoraModule[] = []): Promise<GenerationSession> {
  return GenerationSession.open(onnxRuntimeBackend({ threads: 1 }), weights, { config, modules });
}

export const GREEDY = { ...DEFAULT_SAMPLING, greedy: true };

export type Finished = Extract<GenerationEvent, { kind: 'finished' }>;

/** Token ids only, no end token, unless the options say otherwise. @returns what was finished, in the order of the prompts */
export async function generateAll(
  session: GenerationSession,
  prompts: readonly (readonly number[])[],
  options: Partial<GenerateOptions> & { readonly adapter?: GenerationAdapter | null } = {},
): Promise<Finished[]> {
  const finished: Finished[] = [];
  const all: GenerateOptions = {
    sampling: GREEDY,
    adapter: null,
    stopIds: new Set(),
    decode: null,
    random: (index) => {
      const random = Random.fromSeed(7, index);
      return () => random.uniform();
    },
    ...options,
  };
  const events = generate(
    session,
    prompts.map((ids) => ({ ids: Int32Array.from(ids), isContinued: false })),
    all,
  );
  for await (const event of events) if (event.kind === 'finished') finished.push(event);
  return finished.toSorted((a, b) => a.index - b.index);
}

/** @file Answers of the base model and of each run to the same prompts with one seed: asked once, then kept. */
import { rm } from 'node:fs/promises';
import { z } from 'zod';
import type { SideBySide } from '#contract/comparisons.ts';
import { showRow } from '#datasets/show-row.ts';
import type { PromptAnswer } from '#exports/evaluate/answer-prompts.ts';
import { askInquiry } from '#inquiries/ask-inquiry.ts';
import { promptJson } from '#runs/row-json.ts';
import type { JsonValue } from '#store/json-column.ts';
import { getMeasurement, saveMeasurements } from '#store/measurements.ts';
import { hashOf } from './fingerprint.ts';
import { writeLines } from './lines-file.ts';
import { comparedModels, type ComparedModel } from './models.ts';
import type { OpenComparison } from './open-comparison.ts';
import { promptsToRead, type ReadPrompt } from './pair-rows.ts';
import type { ComparisonSurroundings, ComparisonTask } from './surroundings.ts';

/** Raised when answering changes: what was answered before it came about differently. */
const WAY = 1;

const KeptAnswer: z.ZodType<PromptAnswer> = z.object({ text: z.string().nullable(), tokens: z.number(), isWhole: z.boolean() });

export interface AnsweredModel {
  readonly model: ComparedModel;
  /** By prompt; null if it was not asked yet. */
  readonly answers: readonly (PromptAnswer | null)[];
}

export interface AnsweredPrompts {
  readonly prompts: readonly ReadPrompt[];
  /** The base model first. */
  readonly models: readonly AnsweredModel[];
  /** Different prompts that are not among these. */
  readonly more: number;
}

/** What is known already. */
export async function readAnswers(
  { store, cacheDir }: Pick<ComparisonSurroundings, 'store' | 'cacheDir'>,
  comparison: OpenComparison,
): Promise<AnsweredPrompts> {
  const all = promptsToRead(comparison.rows, comparison.probes);
  // Probe prompts beside those that are drawn.
  const prompts = all.slice(0, comparison.probes.length + comparison.settings.prompts);
  const recall = (key: string | null): PromptAnswer | null => {
    const parsed = KeptAnswer.safeParse(key === null ? null : getMeasurement(store, comparison.projectId, key));
    return parsed.success ? parsed.data : null;
  };
  const models = (await comparedModels(comparison, cacheDir)).map((model) => ({
    model,
    answers: prompts.map((prompt) => recall(keyOf(comparison, model, prompt))),
  }));
  return { prompts, models, more: all.length - prompts.length };
}

/** What is missing is asked, one model after the other; each is kept as soon as it is there. @throws {CancelledError} */
export async function answerMissing(around: ComparisonSurroundings, comparison: OpenComparison, task: ComparisonTask): Promise<void> {
  const { prompts, models } = await readAnswers(around, comparison);
  for (const { model, answers } of models) {
    const open = prompts.filter((_, index) => answers[index] === null);
    if (open.length === 0) continue;
    task.begin(`Answering with ${model.name}`, 'prompts');
    const given = await ask(around, { comparison, model, open }, task);
    const known = (await comparedModels(comparison, around.cacheDir)).find(({ runId }) => runId === model.runId) ?? model;
    const kept = open.flatMap((prompt, index) => {
      const key = keyOf(comparison, known, prompt);
      const value = given[index] as unknown as JsonValue | undefined;
      return key === null || value === undefined ? [] : [{ projectId: comparison.projectId, key, runId: model.runId, value }];
    });
    saveMeasurements(around.store, kept);
  }
}

export function showAnswers({ runs }: OpenComparison, { prompts, models, more }: AnsweredPrompts): SideBySide {
  const [base, ...adapted] = models;
  return {
    runIds: runs.map(({ runId }) => runId),
    prompts: prompts.map(({ row }, place) => ({
      prompt: showRow(row, place, true).prompt,
      base: base?.answers[place] ?? null,
      runs: adapted.map(({ answers }) => answers[place] ?? null),
    })),
    missing: models.reduce((sum, { answers }) => sum + answers.filter((answer) => answer === null).length, 0),
    more,
  };
}

interface AskWork {
  readonly comparison: OpenComparison;
  readonly model: ComparedModel;
  readonly open: readonly ReadPrompt[];
}

async function ask(
  { spawnInquiry, cacheDir }: ComparisonSurroundings,
  { comparison: { settings }, model: { modelDir, adapterDir }, open }: AskWork,
  task: ComparisonTask,
): Promise<readonly PromptAnswer[]> {
  const promptsFile = await writeLines(
    cacheDir,
    open.map(({ row }) => promptJson(row)),
  );
  try {
    const { seed, temperature, answerTokens: maxNewTokens } = settings;
    const places = open.map(({ place }) => place);
    const request = { modelDir, adapterDir, promptsFile, places, temperature, maxNewTokens, seed, cacheDir };
    return await askInquiry(
      spawnInquiry,
      { kind: 'answer', request },
      { signal: task.signal, onProgress: ({ done, total }) => task.progress(done, total) },
    );
  } finally {
    await rm(promptsFile, { force: true });
  }
}

/** Everything an answer follows from. */
function keyOf({ settings }: OpenComparison, model: ComparedModel, { key, place }: ReadPrompt): string | null {
  if (model.key === null) return null;
  const { seed, temperature, answerTokens } = settings;
  return hashOf(['answer', WAY, model.key, key, place, { seed, temperature, answerTokens }]);
}

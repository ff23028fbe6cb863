/** @file What the window's process and a process that answers one question tell each other; both check what arrives. */
import { z } from 'zod';
import { EngineChoice, EngineName, type EngineTest } from '#contract/engines.ts';
import { ExportDtype, ExportForm, type ExportCheck } from '#contract/exports.ts';
import { failureSchema } from '#processes/failure.ts';
import type { AnswerRequest, PromptAnswer } from '#exports/evaluate/answer-prompts.ts';
import type { Measurement, MeasureRequest } from '#exports/evaluate/measure-adapter.ts';
import { GGUF_DTYPES, type GgufDtype } from '#engine/export/gguf/gguf-dtype.ts';
import type { GgufRequest, PreparedGguf } from '#exports/prepare-gguf.ts';
import type { LengthReport, LengthRequest } from '#jobs/count-lengths.ts';
import type { ModelReport } from '#jobs/inspect-model.ts';
import type { PlanReport, PlanRequest } from '#jobs/plan-request.ts';

const path = z.string().min(1);

const planRequest = z.object({
  modelDir: path,
  dataFile: path,
  settings: z.record(z.string(), z.unknown()),
  adapterInitDir: path.nullable(),
  cacheDir: path,
  memoryBudgetBytes: z.number().positive().nullable(),
  dryRun: z.boolean(),
  badRows: z.enum(['skip', 'stop']),
  engine: EngineChoice.nullish(),
}) satisfies z.ZodType<PlanRequest>;

const lengthRequest = z.object({ modelDir: path, dataFile: path }) satisfies z.ZodType<LengthRequest>;

const seed = z.int().nonnegative();

const measureRequest = z.object({
  modelDir: path,
  adapterDir: path.nullable(),
  pairsFile: path,
  maxLength: z.int().positive().nullable(),
  answers: z.int().nonnegative(),
  maxNewTokens: z.int().positive(),
  seed,
  cacheDir: path,
}) satisfies z.ZodType<MeasureRequest>;

const answerRequest = z.object({
  modelDir: path,
  adapterDir: path.nullable(),
  promptsFile: path,
  places: z.array(z.int().nonnegative()),
  temperature: z.number().positive(),
  maxNewTokens: z.int().positive(),
  seed,
  cacheDir: path,
}) satisfies z.ZodType<AnswerRequest>;

const ggufRequest = z.object({
  modelDir: path,
  dtype: z.enum(GGUF_DTYPES as [GgufDtype, ...GgufDtype[]]),
  cacheDir: path,
}) satisfies z.ZodType<GgufRequest>;

const exportRequest = z.object({
  adapterDir: path,
  modelDir: path,
  form: ExportForm,
  dtype: ExportDtype,
  /** Not there yet, or empty. Killing the process may leave something in it. */
  outDir: path,
  cacheDir: path,
  /** Where the rows of the run are now; null: where it read them. */
  rows: z.object({ train: path, evaluation: path.nullable() }).nullable(),
});
export type ExportRequest = z.infer<typeof exportRequest>;

export interface ExportAnswer {
  /** Names in the folder. */
  readonly files: readonly string[];
  /** Null for what can't be loaded here. */
  readonly check: ExportCheck | null;
  readonly notes: readonly string[];
  readonly companion: { readonly file: string; readonly name: string } | null;
}

/** What takes longer than the window may wait: each is asked of a process of its own, which can be killed. */
export const questionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('model'), dir: path }),
  z.object({ kind: z.literal('lengths'), request: lengthRequest }),
  z.object({ kind: z.literal('plan'), request: planRequest }),
  z.object({ kind: z.literal('measure'), request: measureRequest }),
  z.object({ kind: z.literal('answer'), request: answerRequest }),
  z.object({ kind: z.literal('engine'), engine: EngineName }),
  z.object({ kind: z.literal('gguf'), request: ggufRequest }),
  z.object({ kind: z.literal('export'), request: exportRequest }),
]);
export type Question = z.infer<typeof questionSchema>;

export interface Answers {
  readonly model: ModelReport;
  readonly lengths: LengthReport;
  readonly plan: PlanReport;
  readonly measure: Measurement;
  readonly answer: readonly PromptAnswer[];
  readonly engine: EngineTest;
  readonly gguf: PreparedGguf;
  readonly export: ExportAnswer;
}

export const toInquirySchema = z.object({ type: z.literal('ask'), question: questionSchema });
export type ToInquiry = z.infer<typeof toInquirySchema>;

const progress = z.object({
  /** What is being done, where a question has several parts. */
  label: z.string().nullable(),
  done: z.number(),
  /** Null while unknown. */
  total: z.number().nullable(),
  /** Null where the question has only one. */
  unit: z.enum(['bytes', 'texts']).nullable(),
});
export type InquiryProgress = z.infer<typeof progress>;

export const fromInquirySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('progress'), progress }),
  /** From our own program, and plain data; the contract checks it once more on its way to a window. */
  z.object({ type: z.literal('answer'), answer: z.unknown() }),
  z.object({ type: z.literal('failed'), error: failureSchema }),
]);
export type FromInquiry = z.infer<typeof fromInquirySchema>;

/** @file How a job that must be refused ends: the error, its words, and what it left behind. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { AppError } from '#contract/errors.ts';
import { scoreJob } from '#jobs/score-job.ts';
import type { RowScore, ScoreRequest, TrainingRequest } from '#jobs/training-request.ts';
import { runJob } from '#test/support/training-runs.ts';

export type ErrorClass = new (...args: never[]) => AppError;
export type Words = readonly (string | RegExp)[];

export interface Refusal {
  readonly error: string;
  readonly message: string;
  /** What lies where the output folder would have been made. */
  readonly left: readonly string[] | 'nothing';
}

/** The parent of the output folder must not exist before. */
export async function refusalOf(job: TrainingRequest): Promise<Refusal> {
  const error: unknown = await runJob(job).catch((thrown: unknown) => thrown);
  if (!(error instanceof AppError)) throw new Error('The job was not refused with a message.', { cause: error });
  return { error: error.name, message: error.message, left: await readdir(join(job.outDir, '..')).catch(() => 'nothing' as const) };
}

/** The error has the class and all the words, and the output folder was not even made. */
export function refusal(error: ErrorClass, words: Words): Refusal {
  return { error: error.name, message: saying(...words), left: 'nothing' };
}

/** Matches a text that holds all of these, in any order. */
export function saying(...words: Words): string {
  const source = (word: string | RegExp) => (typeof word === 'string' ? word.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&') : word.source);
  const all = new RegExp(words.map((word) => `(?=[^]*${source(word)})`).join(''));
  return expect.stringMatching(all) as string;
}

export async function scoresOf(request: ScoreRequest): Promise<RowScore[]> {
  const scores: RowScore[] = [];
  for await (const row of scoreJob(request, { signal: new AbortController().signal })) scores.push(row);
  return scores;
}

/** @file Looks for evaluation rows that training already showed: each prompt's and answer's nearest neighbour among the training rows. */
import type { Row } from '#engine/data/row.ts';
import { NumberColumn } from '#engine/data/similarity/number-column.ts';
import { answerContents, promptContent, wordsOf } from '#engine/data/similarity/row-words.ts';
import type { PartContent } from '#engine/data/similarity/row-words.ts';
import { shingles } from '#engine/data/similarity/shingles.ts';
import { NearestIndex } from './nearest.ts';

/** Rows by index, from 0, in the order they were added to their side. */
export interface NearRows {
  readonly evaluationIndex: number;
  readonly trainIndex: number;
  readonly similarity: number;
}

export interface Nearness {
  /** Evaluation rows (answers: the nearer of a pair's two) by similarity to their nearest training row, in tenths; 1 is in the last. */
  readonly tenths: readonly number[];
  /** Similarity 1: the same words in the same pairs. */
  readonly same: number;
  /** At least 0.8. */
  readonly near: number;
  /** The most similar first, at most ten. */
  readonly nearest: readonly NearRows[];
}

export interface LeakReport {
  readonly trainRows: number;
  readonly evaluationRows: number;
  /** The rest was beyond the limit and not looked at. */
  readonly comparedTrainRows: number;
  readonly comparedEvaluationRows: number;
  readonly prompts: Nearness;
  readonly answers: Nearness;
}

const LISTED = 10;
const NEAR = 0.8;
const DEFAULT_MOST_ROWS = 10_000;

/**
 * Add all training rows, then the evaluation rows. Compares every shingle, unlike the split's sketches, so it is a check on them; meant
 * for some ten thousand rows.
 */
export class LeakCheck {
  readonly #mostRows: number;
  readonly #prompts = new Side();
  readonly #answers = new Side();
  #trainRows = 0;
  #evaluationRows = 0;

  /** @param mostRows - rows of either side that are compared; the first ones, so add them in random order if there are more */
  constructor(mostRows = DEFAULT_MOST_ROWS) {
    this.#mostRows = mostRows;
  }

  addTrain(row: Row): void {
    if (this.#trainRows < this.#mostRows) {
      this.#prompts.addTrain(this.#trainRows, [promptContent(row)]);
      this.#answers.addTrain(this.#trainRows, answerContents(row));
    }
    this.#trainRows++;
  }

  addEvaluation(row: Row): void {
    if (this.#evaluationRows < this.#mostRows) {
      this.#prompts.addEvaluation(this.#evaluationRows, [promptContent(row)]);
      this.#answers.addEvaluation(this.#evaluationRows, answerContents(row));
    }
    this.#evaluationRows++;
  }

  result(): LeakReport {
    return {
      trainRows: this.#trainRows,
      evaluationRows: this.#evaluationRows,
      comparedTrainRows: Math.min(this.#trainRows, this.#mostRows),
      comparedEvaluationRows: Math.min(this.#evaluationRows, this.#mostRows),
      prompts: this.#prompts.result(),
      answers: this.#answers.result(),
    };
  }
}

class Side {
  readonly #index = new NearestIndex();
  readonly #rowOf = new NumberColumn(Int32Array);
  readonly #tenths = new Array<number>(10).fill(0);
  readonly #nearest: NearRows[] = [];
  #same = 0;
  #near = 0;

  addTrain(row: number, parts: readonly PartContent[]): void {
    for (const part of parts) {
      this.#index.add(shingles(wordsOf(part).words));
      this.#rowOf.push(row);
    }
  }

  addEvaluation(row: number, parts: readonly PartContent[]): void {
    let best = { text: -1, similarity: 0 };
    for (const part of parts) {
      const found = this.#index.nearest(shingles(wordsOf(part).words));
      if (found.similarity > best.similarity) best = found;
    }
    const tenth = Math.min(9, Math.floor(best.similarity * 10));
    this.#tenths[tenth] = (this.#tenths[tenth] ?? 0) + 1;
    if (best.similarity === 1) this.#same++;
    if (best.similarity >= NEAR) this.#near++;
    if (best.text === -1) return;
    this.#list({ evaluationIndex: row, trainIndex: this.#rowOf.at(best.text), similarity: best.similarity });
  }

  result(): Nearness {
    return { tenths: [...this.#tenths], same: this.#same, near: this.#near, nearest: [...this.#nearest] };
  }

  #list(rows: NearRows): void {
    if (this.#nearest.length === LISTED && rows.similarity <= (this.#nearest.at(-1)?.similarity ?? 0)) return;
    this.#nearest.push(rows);
    this.#nearest.sort((a, b) => b.similarity - a.similarity || a.evaluationIndex - b.evaluationIndex);
    this.#nearest.length = Math.min(this.#nearest.length, LISTED);
  }
}

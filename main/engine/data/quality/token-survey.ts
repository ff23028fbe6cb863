/** @file The part of the quality report that counts tokens. */
import type { Row } from '#engine/data/row.ts';
import { fitRow } from './fit-row.ts';
import type { LengthLimit, RowTokens } from './fit-row.ts';
import { LengthTally } from './length-tally.ts';
import type { LongRow, PlacedRow, TokenLengths } from './quality-report.ts';

/** Rows named one by one. */
const LISTED = 10;

export class TokenSurvey {
  readonly #limit: LengthLimit;
  readonly #prompt = new LengthTally();
  readonly #answer = new LengthTally();
  readonly #sequence = new LengthTally();
  readonly #byLabel = { desirable: new LengthTally(), undesirable: new LengthTally() };
  readonly #cut = new Places();
  readonly #dropped = new Places();
  readonly #uncounted = new Places();
  readonly #longest: LongRow[] = [];
  #lostAnswerTokens = 0;

  constructor(limit: LengthLimit) {
    this.#limit = limit;
  }

  /** @param tokens - null if they can't be counted */
  add(row: Row, index: number, tokens: RowTokens | null): void {
    const place = { index, row: row.row };
    if (tokens === null) return this.#uncounted.add(place);
    const { prompt, answers } = tokens;
    this.#prompt.add(prompt);
    for (const [position, answer] of answers.entries()) {
      this.#answer.add(answer);
      this.#sequence.add(prompt + answer);
      const isDesirable = row.kind === 'pair' ? position === 0 : row.label;
      this.#byLabel[isDesirable ? 'desirable' : 'undesirable'].add(answer);
    }
    this.#addLong({ ...place, tokens: prompt + Math.max(0, ...answers) });
    const { fit, lostAnswerTokens } = fitRow(tokens, this.#limit);
    if (fit === 'cut') this.#cut.add(place);
    if (fit === 'dropped') this.#dropped.add(place);
    this.#lostAnswerTokens += lostAnswerTokens;
  }

  result(): TokenLengths {
    const { desirable, undesirable } = this.#byLabel;
    return {
      prompt: this.#prompt.summary(),
      answer: this.#answer.summary(),
      sequence: this.#sequence.summary(),
      answerByLabel: { desirable: desirable.summary(), undesirable: undesirable.summary() },
      cut: { ...this.#cut.result(), lostAnswerTokens: this.#lostAnswerTokens },
      dropped: this.#dropped.result(),
      uncounted: this.#uncounted.result(),
      longest: [...this.#longest],
    };
  }

  #addLong(long: LongRow): void {
    if (this.#longest.length === LISTED && long.tokens <= (this.#longest.at(-1)?.tokens ?? 0)) return;
    this.#longest.push(long);
    this.#longest.sort((a, b) => b.tokens - a.tokens || a.index - b.index);
    this.#longest.length = Math.min(this.#longest.length, LISTED);
  }
}

/** How many rows, and the first of them. */
class Places {
  #rows = 0;
  readonly #first: PlacedRow[] = [];

  add(place: PlacedRow): void {
    this.#rows++;
    if (this.#first.length < LISTED) this.#first.push(place);
  }

  result(): { rows: number; first: readonly PlacedRow[] } {
    return { rows: this.#rows, first: [...this.#first] };
  }
}

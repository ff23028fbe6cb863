/** @file Looks at every row of a dataset once and tells what it is made of. */
import type { Row } from '#engine/data/row.ts';
import { answerContents, promptContent, wordsOf } from '#engine/data/similarity/row-words.ts';
import type { PartContent } from '#engine/data/similarity/row-words.ts';
import { DistinctCounter } from './distinct-n.ts';
import type { LengthLimit, RowTokens } from './fit-row.ts';
import { LengthTally } from './length-tally.ts';
import type { QualityReport } from './quality-report.ts';
import { RepeatedPrompts } from './repeated-prompts.ts';
import { ScriptTally } from './script-tally.ts';
import { TokenSurvey } from './token-survey.ts';

export interface QualityOptions extends LengthLimit {
  /** With the model's tokenizer and template; null for a row that can't be tokenised. Without it the report has no tokens. */
  readonly countTokens?: (row: Row) => RowTokens | null;
}

/** Add every row, then ask for the report. Memory: 30 to 50 bytes a distinct prompt, and 70 MB at most for n-grams. */
export class QualitySurvey {
  readonly #countTokens: QualityOptions['countTokens'];
  readonly #tokens: TokenSurvey;
  readonly #prompts = new RepeatedPrompts();
  readonly #characters = { prompt: new LengthTally(), answer: new LengthTally() };
  readonly #scripts = { prompts: new ScriptTally(), answers: new ScriptTally() };
  readonly #distinct = { desirable: new DistinctCounter(), undesirable: new DistinctCounter() };
  readonly #labels = { desirable: 0, undesirable: 0 };
  #examples = 0;
  #rows = 0;

  constructor({ countTokens, ...limit }: QualityOptions) {
    this.#countTokens = countTokens;
    this.#tokens = new TokenSurvey(limit);
  }

  add(row: Row): void {
    if (this.#countTokens !== undefined) this.#tokens.add(row, this.#rows, this.#countTokens(row));
    this.#rows++;
    if (row.kind === 'example') {
      this.#examples++;
      this.#labels[row.label ? 'desirable' : 'undesirable']++;
    }
    this.#addPrompt(promptContent(row));
    for (const [position, answer] of answerContents(row).entries()) {
      if (typeof answer === 'string') this.#addAnswer(answer, row.kind === 'pair' ? position === 0 : row.label);
    }
  }

  report(): QualityReport {
    const { desirable, undesirable } = this.#labels;
    const { prompts, answers } = this.#scripts;
    const good = this.#distinct.desirable;
    const bad = this.#distinct.undesirable;
    return {
      rows: this.#rows,
      examples: this.#examples,
      pairs: this.#rows - this.#examples,
      labels: { desirable, undesirable, share: this.#examples === 0 ? null : desirable / this.#examples },
      distinctPrompts: this.#prompts.distinct,
      tokens: this.#countTokens === undefined ? null : this.#tokens.result(),
      characters: { prompt: this.#characters.prompt.summary(), answer: this.#characters.answer.summary() },
      repeatedPrompts: this.#prompts.result(),
      scripts: { prompts: prompts.result(), answers: answers.result() },
      distinctN: { all: good.together(bad), desirable: good.result(), undesirable: bad.result() },
    };
  }

  #addPrompt(prompt: PartContent): void {
    this.#prompts.add(wordsOf(prompt).key, () => (typeof prompt === 'string' ? prompt : `token ids ${prompt.join(' ')}`));
    if (typeof prompt !== 'string') return;
    this.#characters.prompt.add(prompt.length);
    this.#scripts.prompts.add(prompt);
  }

  #addAnswer(answer: string, isDesirable: boolean): void {
    this.#characters.answer.add(answer.length);
    this.#scripts.answers.add(answer);
    this.#distinct[isDesirable ? 'desirable' : 'undesirable'].add(answer);
  }
}

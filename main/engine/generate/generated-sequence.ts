/** @file One sequence while it is generated: its tokens, its text, and whether it has come to an end. */
import { StopStrings } from './stop-string.ts';
import { StreamingText } from './streaming-text.ts';
import type { StreamingTextOptions } from './streaming-text.ts';
import type { TokenChooser } from './token-chooser.ts';

/** stop: an end token or a stop string; length: max_new_tokens, or the end of the model's context. */
export type FinishReason = 'stop' | 'length';

export interface SequenceOptions {
  /** Index among the prompts. */
  readonly index: number;
  readonly promptIds: Int32Array;
  readonly chooser: TokenChooser;
  readonly stopIds: ReadonlySet<number>;
  readonly stopStrings: readonly string[];
  /** Tokens after which it ends in any case. */
  readonly maxNewTokens: number;
  /** Null where no text is wanted. */
  readonly text: StreamingTextOptions | null;
}

export class GeneratedSequence {
  readonly index: number;
  readonly promptIds: Int32Array;
  /** Generated tokens, the end token among them. */
  readonly ids: number[] = [];
  /** Text so far, without what is held back. */
  text = '';
  reason: FinishReason | null = null;
  readonly #options: SequenceOptions;
  readonly #streaming: StreamingText | null;
  readonly #stops: StopStrings;

  constructor(options: SequenceOptions) {
    this.index = options.index;
    this.promptIds = options.promptIds;
    this.#options = options;
    this.#streaming = options.text && new StreamingText(options.text);
    this.#stops = new StopStrings(options.stopStrings);
  }

  /** Chooses the next token. @param logits `[V]`; may be changed @returns the text that became certain by it */
  advance(logits: Float32Array): string {
    const { chooser, stopIds, maxNewTokens } = this.#options;
    const token = chooser.choose(logits);
    this.ids.push(token);
    // The end token belongs to the answer's tokens but is no text.
    const ended = stopIds.has(token);
    const found = this.#stops.add(ended ? '' : (this.#streaming?.add(token) ?? ''));
    let fresh = found.text;
    if (found.stopped || ended) this.reason = 'stop';
    else if (this.ids.length >= maxNewTokens) this.reason = 'length';
    if (this.reason !== null && !found.stopped) fresh += this.#rest();
    this.text += fresh;
    return fresh;
  }

  /** What was held back, up to a stop string that only now is whole. */
  #rest(): string {
    const last = this.#stops.add(this.#streaming?.end() ?? '');
    return last.stopped ? last.text : last.text + this.#stops.end();
  }
}

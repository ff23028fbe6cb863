/** @file Tells windows what is written, piece by piece, not more often than they can draw it. */
import type { EventPayload } from '#contract/index.ts';
import type { PlaygroundSurroundings } from './surroundings.ts';

/** Twenty a second. */
const TELL_INTERVAL_MS = 50;

type Piece = EventPayload<'chats.streamed'>['pieces'][number];

export class Streaming {
  readonly #emit: PlaygroundSurroundings['emit'];
  readonly #chatId: number;
  readonly #pieces = new Map<string, Piece>();
  #timer: NodeJS.Timeout | null = null;

  constructor(emit: PlaygroundSurroundings['emit'], chatId: number) {
    this.#emit = emit;
    this.#chatId = chatId;
  }

  add(piece: Piece): void {
    const key = `${piece.turn} ${piece.pane}`;
    const before = this.#pieces.get(key);
    this.#pieces.set(key, before ? { ...before, text: before.text + piece.text } : piece);
    this.#timer ??= setTimeout(() => this.flush(), TELL_INTERVAL_MS);
  }

  /** What waits is told now; to be called before something else is said of the answers. */
  flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const pieces = [...this.#pieces.values()];
    this.#pieces.clear();
    if (pieces.length > 0) this.#emit('chats.streamed', { chatId: this.#chatId, pieces });
  }
}

/** @file llama.cpp seen from outside: starts its process, asks it, and sees to it that it ends. */
import { type AppError, CancelledError, InternalError, OutOfMemoryError } from '#contract/errors.ts';
import type { ChildHandle, Spawn } from '#processes/child-handle.ts';
import { fromFailure } from '#processes/failure.ts';
import { fromChatSchema } from './chat-messages.ts';
import type {
  AdapterDifference,
  AnswerRequest,
  AnswerResult,
  FromChat,
  OpenChat,
  OpenedChat,
  ScoreTokens,
  ToChat,
  TokenScores,
} from './chat-messages.ts';

export type SpawnChat = Spawn<ToChat>;

export interface OpenListeners {
  readonly onProgress?: (progress: { readonly phase: string; readonly done: number; readonly total: number }) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface AnswerListeners {
  readonly onText?: (text: string) => void;
  readonly signal?: AbortSignal | undefined;
}

type Question = Exclude<ToChat, { type: 'stop' }>;
type WithoutId<Message> = Message extends unknown ? Omit<Message, 'id'> : never;

interface Waiting {
  readonly onMessage: (message: FromChat) => void;
  readonly onError: (error: AppError) => void;
}

/** One model in one process. `close` gives all its memory back. */
export class ChatProcess {
  readonly #child: ChildHandle<ToChat>;
  readonly #waiting = new Map<number, Waiting>();
  #ended: AppError | null = null;
  readonly #ending = Promise.withResolvers<AppError>();
  #nextId = 1;

  constructor(spawn: SpawnChat) {
    this.#child = spawn();
    this.#child.onMessage((data) => this.#receive(data));
    this.#child.onExit((exitCode, signal) => this.#end(deathError(exitCode, signal)));
  }

  /** @throws {AppError} with one sentence for the person; the process is of no use then */
  async open(request: OpenChat, { onProgress, signal }: OpenListeners = {}): Promise<OpenedChat> {
    const message = await this.#ask(
      { type: 'open', request },
      { signal, onPart: (part) => part.type === 'progress' && onProgress?.(part) },
    );
    return expect(message, 'opened').result;
  }

  /** A stopped answer is not an error: what was written comes back, with the reason `stopped`. */
  async answer(request: AnswerRequest, { onText, signal }: AnswerListeners = {}): Promise<AnswerResult> {
    const message = await this.#ask({ type: 'answer', request }, { signal, onPart: (part) => part.type === 'text' && onText?.(part.text) });
    return expect(message, 'answered').result;
  }

  async score(request: ScoreTokens): Promise<TokenScores> {
    return expect(await this.#ask({ type: 'score', request }), 'scored').result;
  }

  /** How much an adapter changes what the model says of fixed texts. */
  async compare(adapter: string): Promise<AdapterDifference> {
    return expect(await this.#ask({ type: 'compare', request: { adapter } }), 'compared').result;
  }

  /** llama.cpp's own ids of a text. */
  async tokenise(text: string): Promise<readonly number[]> {
    return expect(await this.#ask({ type: 'tokenise', text }), 'tokenised').result;
  }

  /** Frees an adapter's context. */
  async drop(adapter: string | null): Promise<void> {
    expect(await this.#ask({ type: 'drop', adapter }), 'dropped');
  }

  /** At once; answers that are being written end with an error. */
  close(): void {
    this.#end(new CancelledError('The model was unloaded.'));
    this.#child.kill();
  }

  /** Settles when the process is of no use any more, with the reason. */
  get ended(): Promise<AppError> {
    return this.#ending.promise;
  }

  #ask(
    question: WithoutId<Question>,
    { signal, onPart }: { readonly signal?: AbortSignal | undefined; readonly onPart?: (part: FromChat) => unknown } = {},
  ): Promise<FromChat> {
    if (this.#ended) return Promise.reject(this.#ended);
    const id = this.#nextId;
    this.#nextId += 1;
    const stop = (): void => this.#child.send({ type: 'stop', id } satisfies ToChat);
    const answered = new Promise<FromChat>((resolve, reject) => {
      this.#waiting.set(id, {
        onMessage: (message) => (message.type === 'progress' || message.type === 'text' ? onPart?.(message) : resolve(message)),
        onError: reject,
      });
    });
    this.#child.send({ ...question, id });
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted) stop();
    return answered.finally(() => {
      this.#waiting.delete(id);
      signal?.removeEventListener('abort', stop);
    });
  }

  #receive(data: unknown): void {
    const parsed = fromChatSchema.safeParse(data);
    if (!parsed.success) {
      this.#end(new InternalError('The chat process sent a message that is not understood.', {}, { cause: parsed.error }));
      this.#child.kill();
      return;
    }
    const message = parsed.data;
    if (message.type === 'ready') return;
    if (message.type === 'failed') {
      const error = fromFailure(message.error);
      if (message.id === null) this.#end(error);
      else this.#waiting.get(message.id)?.onError(error);
      return;
    }
    this.#waiting.get(message.id)?.onMessage(message);
  }

  #end(error: AppError): void {
    if (this.#ended) return;
    this.#ended = error;
    this.#ending.resolve(error);
    for (const { onError } of this.#waiting.values()) onError(error);
  }
}

function expect<Type extends FromChat['type']>(message: FromChat, type: Type): Extract<FromChat, { type: Type }> {
  if (message.type !== type) throw new InternalError(`The chat process answered with ${message.type} where ${type} was expected.`);
  return message as Extract<FromChat, { type: Type }>;
}

/** The system kills what needs more memory than there is with SIGKILL, without a word; so may a person. */
function deathError(exitCode: number | null, signal: string | null): AppError {
  if (signal === 'SIGKILL') {
    return new OutOfMemoryError(
      'The chat process was ended by SIGKILL: by someone, or by the system because memory ran out. Open the chat again; if it happens again, choose Q8_0 weights or a smaller context.',
      { neededBytes: 0, availableBytes: 0 },
    );
  }
  const how = signal === null ? `with exit code ${exitCode ?? 'unknown'}` : `by ${signal}`;
  return new InternalError(`The chat process ended ${how}. Open the chat again.`, { exitCode, signal });
}

/** @file A model to chat with: its tokenizer and template as in training, its GGUF file, and llama.cpp around it. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CHECK_TEXTS, CHECK_TOKENS } from '#engine/export/check-texts.ts';
import { ggufContextLength } from '#engine/export/gguf/gguf-model-metadata.ts';
import { stopTokens } from '#engine/generate/stop-tokens.ts';
import { StreamingText } from '#engine/generate/streaming-text.ts';
import type { ModelConfig } from '#engine/model/model-config.ts';
import { parseModelConfig } from '#engine/model/parse-model-config.ts';
import { createTokenizer } from '#engine/text/tokenizer.ts';
import type { TextTokenizer } from '#engine/text/tokenizer.ts';
import { checkGgufFile } from '#io/gguf/check-gguf-file.ts';
import { cachedAdapterGguf, cachedModelGguf } from '#io/gguf/gguf-cache.ts';
import { openModelFolder } from '#io/model-folder.ts';
import { readGenerationConfig } from '#io/read-generation-config.ts';
import { readTokenizerFiles } from '#io/tokenizer-files.ts';
import { answer } from './answer.ts';
import type {
  AdapterDifference,
  AnswerRequest,
  AnswerResult,
  ChatPrompt,
  CompareAdapter,
  OpenChat,
  OpenedChat,
  ScoreTokens,
  TokenScores,
} from './chat-messages.ts';
import { fitConversation, roomForPrompt, tooLong } from './fit-conversation.ts';
import type { FittedConversation } from './fit-conversation.ts';
import { LlamaModelHost } from './llama-model.ts';
import { scoreTokens } from './score-tokens.ts';

/** Keys and values of a longer context take more memory than a chat needs; a person may ask for more. */
const DEFAULT_CONTEXT_TOKENS = 4096;

export type ChatPhase = 'Converting the model' | 'Loading the model';
export type ReportPhase = (phase: ChatPhase, done: number, total: number) => void;

interface Parts {
  readonly config: ModelConfig;
  readonly tokenizer: TextTokenizer;
  readonly stopIds: ReadonlySet<number>;
  readonly llama: LlamaModelHost;
  readonly cacheDir: string;
  readonly facts: OpenedChat;
}

export class ChatModel {
  readonly facts: OpenedChat;
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
    this.facts = parts.facts;
  }

  /** @throws {AppError} with one sentence for the person */
  static async open(
    request: OpenChat,
    { report, signal }: { readonly report: ReportPhase; readonly signal: AbortSignal },
  ): Promise<ChatModel> {
    const { modelDir, ggufFile, dtype, cacheDir, gpu, threads, exact } = request;
    const folder = await openModelFolder(modelDir);
    const config = parseModelConfig(folder.configJson, join(folder.dir, 'config.json'));
    const tokenizer = createTokenizer(await readTokenizerFiles(folder.dir), () => new Date());
    const stopIds = stopTokens({ generationConfig: await readGenerationConfig(folder.dir), modelConfig: folder.configJson, tokenizer });
    const onProgress = ({ bytesDone, bytesTotal }: { bytesDone: number; bytesTotal: number }) =>
      report('Converting the model', bytesDone, bytesTotal);
    const made = ggufFile === null ? await cachedModelGguf(folder, dtype, { cacheDir, signal, onProgress }) : null;
    const file = made?.file ?? (ggufFile as string);
    await checkGgufFile(file);
    const contextTokens = Math.min(request.contextTokens ?? DEFAULT_CONTEXT_TOKENS, ggufContextLength(config));
    const onLoad = (share: number) => report('Loading the model', share, 1);
    const llama = await LlamaModelHost.open(file, { gpu, contextTokens, threads, exact, onProgress: onLoad });
    const facts = {
      ggufFile: file,
      converted: made?.converted ?? false,
      contextTokens,
      device: await llama.device(),
      hasChatTemplate: tokenizer.hasChatTemplate,
      notes: [...(made?.notes ?? []), ...windowNotes(config)],
    };
    return new ChatModel({ config, tokenizer, stopIds, llama, cacheDir, facts });
  }

  /** @throws {SettingsError} if the question does not fit the context */
  async answer(
    { adapter, prompt, sampling, seed }: AnswerRequest,
    { onText, signal }: { readonly onText: (text: string) => void; readonly signal: AbortSignal },
  ): Promise<AnswerResult> {
    const { llama, tokenizer, stopIds } = this.#parts;
    const context = await llama.context(await this.#adapterFile(adapter));
    const { ids, droppedMessages } = this.#promptIds(prompt, context.contextTokens, sampling.maxNewTokens);
    const streaming = new StreamingText({
      decode: (tokens) => tokenizer.decode(tokens, { skipSpecialTokens: true }),
      context: prompt.form === 'chat' ? [] : ids,
    });
    return { ...(await answer(context, { ids, sampling, seed, stopIds, streaming, onText, signal })), droppedMessages };
  }

  async score({ adapter, ids, from }: ScoreTokens): Promise<TokenScores> {
    return scoreTokens(await this.#parts.llama.context(await this.#adapterFile(adapter)), { ids, from });
  }

  /** On fixed texts, whose first token is not scored. */
  async compare({ adapter }: CompareAdapter): Promise<AdapterDifference> {
    const { tokenizer } = this.#parts;
    const room = Math.min(CHECK_TOKENS, this.facts.contextTokens);
    const gaps: number[] = [];
    for (const text of CHECK_TEXTS) {
      const ids = [...tokenizer.encode(text).subarray(0, room)];
      if (ids.length < 2) continue;
      // One after the other: they share the model.
      const base = await this.score({ adapter: null, ids, from: 1 });
      const adapted = await this.score({ adapter, ids, from: 1 });
      gaps.push(...adapted.logps.map((logp, i) => Math.abs(logp - (base.logps[i] ?? NaN))));
    }
    return { largestGap: Math.max(0, ...gaps), tokens: gaps.length };
  }

  /** llama.cpp's own ids. */
  tokenise(text: string): number[] {
    return this.#parts.llama.tokenise(text);
  }

  async drop(adapter: string | null): Promise<void> {
    await this.#parts.llama.drop(await this.#adapterFile(adapter));
  }

  async #adapterFile(adapter: string | null): Promise<string | null> {
    if (adapter === null) return null;
    const isFolder = (await stat(adapter).catch(() => null))?.isFile() !== true;
    if (isFolder) return cachedAdapterGguf(adapter, this.#parts.config, { cacheDir: this.#parts.cacheDir });
    await checkGgufFile(adapter);
    return adapter;
  }

  #promptIds(prompt: ChatPrompt, contextTokens: number, answerTokens: number): FittedConversation {
    const { tokenizer } = this.#parts;
    if (prompt.form === 'chat') {
      return fitConversation(prompt.messages, {
        contextTokens,
        answerTokens,
        encode: (messages) => tokenizer.encodeChat(messages, { addGenerationPrompt: true }),
      });
    }
    const ids = prompt.form === 'text' ? tokenizer.encode(prompt.text) : Int32Array.from(prompt.ids);
    const room = roomForPrompt(contextTokens, answerTokens);
    if (ids.length > room || ids.length === 0) throw tooLong(ids.length, room, contextTokens);
    return { ids, droppedMessages: 0 };
  }
}

function windowNotes(config: ModelConfig): string[] {
  const limit = ggufContextLength(config);
  if (limit === config.maxPositions) return [];
  return [`llama.cpp has no sliding window for this model, so its context is limited to the window of ${limit} tokens.`];
}

/** @file `prospect chat`: a conversation in the terminal, or one answer for a script. */
import { rm } from 'node:fs/promises';
import { CancelledError, FormatError, SettingsError } from '#contract/errors.ts';
import type { AnswerResult, ChatMessage, OpenChat, OpenedChat } from '#chat/chat-messages.ts';
import type { ChatProcess } from '#chat/chat-process.ts';
import { GGUF_DTYPES } from '#engine/export/gguf/gguf-dtype.ts';
import type { GgufDtype } from '#engine/export/gguf/gguf-dtype.ts';
import type { Sampling } from '#engine/generate/sampling.ts';
import { CACHE_DIR, cacheFolder, INPUT_GROUP, OTHER_OPTIONS, requireOptions } from './common-options.ts';
import type { Command, Invocation } from './command.ts';
import { SUCCESS, stoppedCode } from './exit-codes.ts';
import type { CliHost } from './host.ts';
import { flagOption, textOf, valueOption } from './option-spec.ts';
import type { GivenOptions, OptionSpec } from './option-spec.ts';
import { SAMPLING_OPTIONS, samplingOf } from './sampling-options.ts';
import { Screen } from './screen.ts';

const IN_INPUT = { group: INPUT_GROUP };
const IN_ENGINE = { group: 'llama.cpp' };

const OPTIONS: readonly OptionSpec[] = [
  valueOption('model', 'DIR', 'Folder of the base model as Hugging Face lays it out. Required.', IN_INPUT),
  valueOption('adapter', 'DIR', 'PEFT adapter to talk to.', { ...IN_INPUT, default: 'none' }),
  valueOption('prompt', 'TEXT', 'Answers this and ends; without it, each line that is typed is a question.', IN_INPUT),
  valueOption('system', 'TEXT', 'System message at the beginning of the conversation.', IN_INPUT),
  flagOption('raw', 'Goes on with the prompt as it is, without the chat template.', IN_INPUT),
  flagOption('json', 'Prints an answer as one JSON object.', IN_INPUT),
  CACHE_DIR,
  ...SAMPLING_OPTIONS,
  valueOption('dtype', 'TYPE', 'How weights are kept: F16, Q8_0 (half the memory) or F32.', { ...IN_ENGINE, default: 'Q8_0' }),
  valueOption('context', 'N', 'Tokens the model can see at once.', { ...IN_ENGINE, default: 'the model’s own, at most 4096' }),
  valueOption('threads', 'N', 'Processor threads.', { ...IN_ENGINE, default: 'as many as help' }),
  flagOption('cpu', 'Computes on the processor even where there is a graphics card.', IN_ENGINE),
  ...OTHER_OPTIONS,
];

export const CHAT: Command = { options: OPTIONS, run: chat };

interface Talk {
  readonly chat: ChatProcess;
  readonly host: CliHost;
  readonly adapter: string | null;
  readonly sampling: Sampling;
  readonly seed: number;
  readonly isRaw: boolean;
  readonly isJson: boolean;
  readonly screen: Screen;
}

async function chat({ given }: Invocation, host: CliHost): Promise<number> {
  const { sampling, seed } = samplingOf(given);
  const request = openRequest(given, host);
  const screen = new Screen(host);
  const { startChat } = await import('./chat-program.ts');
  const process = startChat((text) => screen.remark(text.trimEnd()));
  try {
    const facts = await process.open(request, {
      signal: host.signal,
      onProgress({ phase, done, total }) {
        if (phase === 'Converting the model') screen.progress({ label: phase, done, total, unit: 'bytes' });
      },
    });
    screen.clear();
    for (const note of facts.notes) screen.remark(note);
    if (facts.converted) await checkConverted(process, facts, { request, screen, signal: host.signal });
    const isRaw = given.get('raw') === true || !facts.hasChatTemplate;
    if (!facts.hasChatTemplate) screen.remark('This model has no chat template, so it goes on with the text as it is.');
    const talk = {
      chat: process,
      host,
      adapter: textOf(given, 'adapter') ?? null,
      sampling,
      seed,
      isRaw,
      isJson: given.get('json') === true,
      screen,
    };
    const system = textOf(given, 'system');
    const history: ChatMessage[] = system === undefined ? [] : [{ role: 'system', content: system }];
    const prompt = textOf(given, 'prompt');
    if (prompt === undefined) await converse(talk, history);
    else await reply(talk, history, prompt);
    return host.signal.aborted ? stoppedCode(host.signal) : SUCCESS;
  } finally {
    screen.clear();
    process.close();
  }
}

/** Once a file: it is kept only if llama.cpp computes with it what the engine does. @throws {FormatError} if it does not */
async function checkConverted(
  process: ChatProcess,
  { ggufFile, contextTokens }: OpenedChat,
  { request, screen, signal }: { readonly request: OpenChat; readonly screen: Screen; readonly signal: AbortSignal },
): Promise<void> {
  const { verifyGguf } = await import('#exports/verify-gguf.ts');
  const { verificationText } = await import('#exports/verification.ts');
  const { modelDir, dtype, cacheDir } = request;
  const check = { chat: process, ggufAdapter: null, modelDir, adapterDir: null, dtype, contextTokens, cacheDir, signal };
  try {
    const verification = await verifyGguf(check);
    if (!verification.isSame) throw new FormatError(verificationText(verification), { file: ggufFile });
    screen.remark(verificationText(verification));
  } catch (error) {
    await rm(ggufFile, { force: true });
    throw error;
  }
}

/** Until the input ends or `/exit`. */
async function converse(talk: Talk, history: ChatMessage[]): Promise<void> {
  const { host } = talk;
  const hint = (): void => void (host.stdin.isTTY && host.stderr.write('> '));
  if (host.stdin.isTTY) host.stderr.write('Type a question; /new begins again, /exit (or Ctrl-D) ends.\n');
  hint();
  for await (const line of host.stdin.lines(host.signal)) {
    const text = line.trim();
    if (text === '/exit') return;
    if (text === '/new') history.length = history[0]?.role === 'system' ? 1 : 0;
    else if (text !== '') await reply(talk, history, text);
    hint();
  }
}

/** Writes the answer as it comes, and adds both to the history. */
async function reply(
  { chat: process, host, adapter, sampling, seed, isRaw, isJson, screen }: Talk,
  history: ChatMessage[],
  text: string,
): Promise<void> {
  history.push({ role: 'user', content: text });
  const prompt = isRaw ? { form: 'text' as const, text } : { form: 'chat' as const, messages: [...history] };
  const onText = (piece: string): void => void (isJson || host.stdout.write(piece));
  const result = await process.answer({ adapter, prompt, sampling, seed }, { signal: host.signal, onText });
  history.push({ role: 'assistant', content: result.text });
  host.stdout.write(isJson ? `${JSON.stringify(answerRecord(result))}\n` : '\n');
  if (result.reason === 'stopped') throw new CancelledError('The answer was stopped.');
  if (isJson) return;
  if (result.droppedMessages > 0)
    screen.remark(`(The oldest ${result.droppedMessages} messages no longer fit the context and were left out.)`);
  if (result.reason === 'length') screen.remark(`(Cut off after ${sampling.maxNewTokens} tokens; see --max-new-tokens.)`);
  if (result.reason === 'context') screen.remark('(Cut off: the context is full; see --context.)');
  if (host.stderr.isTTY && result.tokensPerSecond !== null) screen.remark(`(${result.tokensPerSecond.toFixed(1)} tokens/s)`);
}

function answerRecord({ text, ids, reason, promptTokens, droppedMessages, tokensPerSecond }: AnswerResult) {
  return {
    text,
    reason,
    prompt_tokens: promptTokens,
    answer_tokens: ids.length,
    dropped_messages: droppedMessages,
    tokens_per_second: tokensPerSecond,
  };
}

function openRequest(given: GivenOptions, host: CliHost): OpenChat {
  const { model } = requireOptions(given, ['model'], OPTIONS);
  return {
    modelDir: model,
    ggufFile: null,
    dtype: dtypeOf(textOf(given, 'dtype') ?? 'Q8_0'),
    cacheDir: cacheFolder(given, host),
    gpu: given.get('cpu') === true ? 'off' : 'auto',
    threads: wholeOf(given, 'threads', 1),
    contextTokens: wholeOf(given, 'context', 8),
    exact: false,
  };
}

export function dtypeOf(text: string): GgufDtype {
  const found = GGUF_DTYPES.find((dtype) => dtype === text.toUpperCase());
  if (found) return found;
  throw new SettingsError(`--dtype must be one of ${GGUF_DTYPES.join(', ')}; it is ${text === '' ? 'empty' : text}.`, { field: 'dtype' });
}

function wholeOf(given: GivenOptions, name: string, least: number): number | null {
  const text = textOf(given, name);
  if (text === undefined) return null;
  if (/^\d+$/.test(text) && Number(text) >= least) return Number(text);
  throw new SettingsError(`--${name} must be a whole number of at least ${least}; it is ${text === '' ? 'empty' : text}.`, { field: name });
}

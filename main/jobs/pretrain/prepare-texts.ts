/** @file From text files to token ids: the tokenizer is learnt from the training texts, then everything is tokenised. */
import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { CancelledError, ImportError } from '#contract/errors.ts';
import { chatMlTokenizerFiles, CHATML_TOKENS } from '#engine/text/training/chatml-tokenizer.ts';
import type { TokenizerFiles } from '#engine/text/training/chatml-tokenizer.ts';
import { trainBpe } from '#engine/text/training/train-bpe.ts';
import { createTokenizer } from '#engine/text/tokenizer.ts';
import type { TextTokenizer } from '#engine/text/tokenizer.ts';
import type { PretrainJobEvent, PretrainRequest } from './pretrain-request.ts';
import type { PretrainRecipe } from './read-recipe.ts';
import { contentsOf, readTexts } from './read-texts.ts';
import type { PretrainText } from './read-texts.ts';

export interface PreparedTexts {
  readonly tokenizer: TokenizerFiles;
  readonly documents: readonly Int32Array[];
  readonly evaluation: readonly Int32Array[];
  /** Of the tokenizer and all token ids. */
  readonly hash: string;
}

type Emit = (event: PretrainJobEvent) => void;

/** Documents between two looks at the signal. */
const BATCH = 1000;

/** @throws {ImportError | SettingsError | StorageError | CancelledError} */
export async function prepareTexts(
  { dataFile, evalDataFile }: PretrainRequest,
  { config, settings }: PretrainRecipe,
  { emit, signal }: { readonly emit: Emit; readonly signal: AbortSignal },
): Promise<PreparedTexts> {
  const onProgress = (done: number) => emit({ kind: 'progress', phase: 'Reading texts', done, total: null, unit: 'rows' });
  const texts = await readTexts(dataFile, { signal, onProgress });
  const evalTexts = evalDataFile === null ? [] : await readTexts(evalDataFile, { signal, onProgress });
  emit({ kind: 'progress', phase: 'Learning the tokenizer', done: 0, total: 1, unit: 'steps' });
  await nextTurn();
  const vocabulary = trainBpe(contentsOf(texts), { vocabSize: config.vocabSize, specialTokens: CHATML_TOKENS });
  const files = chatMlTokenizerFiles(vocabulary, config.maxPositions);
  const tokenizer = tokenizerOf(files);
  const documents = await tokenise(texts, tokenizer, { emit, signal });
  const evaluation = await tokenise(evalTexts, tokenizer, { emit, signal });
  if (documents.length === 0) throw new ImportError(`${dataFile} has no text of two tokens or more.`, { file: dataFile });
  const hash = createHash('sha256').update(JSON.stringify([files, settings.context_length]));
  for (const ids of [...documents, ...evaluation]) hash.update(`${ids.length}:`).update(ids);
  return { tokenizer: files, documents, evaluation, hash: hash.digest('hex') };
}

function tokenizerOf(files: TokenizerFiles): TextTokenizer {
  const source = { folder: 'the new model', tokenizerJson: files['tokenizer.json'], tokenizerConfig: files['tokenizer_config.json'] };
  return createTokenizer({ ...source, specialTokensMap: null, chatTemplateFiles: {} }, () => new Date());
}

async function tokenise(
  texts: readonly PretrainText[],
  tokenizer: TextTokenizer,
  { emit, signal }: { readonly emit: Emit; readonly signal: AbortSignal },
): Promise<Int32Array[]> {
  const documents: Int32Array[] = [];
  for (const [i, text] of texts.entries()) {
    const ids =
      'text' in text
        ? tokenizer.encode(text.text + (tokenizer.eosToken ?? ''))
        : tokenizer.encodeChat(text.messages, { addGenerationPrompt: false });
    if (ids.length > 1) documents.push(ids);
    if ((i + 1) % BATCH !== 0) continue;
    emit({ kind: 'progress', phase: 'Tokenising', done: i + 1, total: texts.length, unit: 'rows' });
    await nextTurn();
    if (signal.aborted) throw new CancelledError();
  }
  return documents;
}

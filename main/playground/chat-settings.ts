/** @file The settings of a conversation: which models, how they draw their words; and what a new one begins with. */
import { randomInt } from 'node:crypto';
import { ChatSettings, type ChatSampling } from '#contract/chats.ts';
import type { Sampling } from '#engine/generate/sampling.ts';
import { listAdapters } from '#store/adapters.ts';
import { listChats, type Chat } from '#store/chats.ts';
import type { Store } from '#store/store.ts';

/** llama.cpp's seeds have 32 bits; those below 2³¹ are the same everywhere. */
const SEEDS = 2 ** 31;

/** What another version saved and this one does not understand is as if it were not chosen. */
export function settingsOf({ settings }: Pick<Chat, 'settings'>): ChatSettings {
  const saved = ChatSettings.safeParse(settings);
  return saved.success ? saved.data : ChatSettings.parse({});
}

/** As in the last conversation, with the adapters that are still there; the first has the base model beside the newest adapter. */
export function settingsForNew(store: Store, projectId: number): ChatSettings {
  const adapters = listAdapters(store, projectId);
  const [last] = listChats(store, projectId);
  if (!last) return ChatSettings.parse({ panes: [null, ...adapters.slice(0, 1).map(({ id }) => id)] });
  const settings = settingsOf(last);
  const panes = settings.panes.filter((pane) => pane === null || adapters.some(({ id }) => id === pane));
  return { ...settings, panes: panes.length === 0 ? [null] : panes };
}

export function seedFor({ seed }: ChatSampling): number {
  return seed ?? randomInt(SEEDS);
}

export function samplingOf(chosen: ChatSampling): Sampling {
  return {
    maxNewTokens: chosen.max_new_tokens,
    greedy: chosen.temperature === 0,
    temperature: chosen.temperature === 0 ? 1 : chosen.temperature,
    topK: chosen.top_k,
    topP: chosen.top_p,
    minP: chosen.min_p,
    repetitionPenalty: chosen.repetition_penalty,
  };
}

/** @file A project whose models can be talked to: the starter model, an adapter that changes it and one that changes nothing. */
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import type { ChatDetails } from '#contract/chats.ts';
import type { EventPayload } from '#contract/index.ts';
import { linearModules } from '#engine/model/model-tensors.ts';
import { resolveSettings } from '#engine/train/resolve-settings.ts';
import { Random } from '#engine/train/random.ts';
import { writeAdapterFolder } from '#io/adapter-folder.ts';
import { freshAdapter, toAdapter } from '#jobs/initial-adapter.ts';
import { checkModel } from '#jobs/open-model.ts';
import { saveAdapter, type Adapter } from '#store/adapters.ts';
import { toStoredPath } from '#store/data-folder.ts';
import { saveModel } from '#store/models.ts';
import { createProject } from '#store/projects.ts';
import type { Store } from '#store/store.ts';
import { ask } from '#test/support/ask.ts';
import type { FakeServices } from '#test/support/fake-services.ts';

export const STARTER = join(import.meta.dirname, '../../resources/starter-model');

export interface ChatProject {
  readonly projectId: number;
  readonly modelId: number;
  /** Says other things than the base model. */
  readonly loud: Adapter;
  /** As it is before the first step of a run. */
  readonly silent: Adapter;
}

export async function makeChatProject(store: Store): Promise<ChatProject> {
  const projectId = createProject(store, { name: 'Reviews' }).id;
  const model = saveModel(store, { path: STARTER, name: 'starter-model', sha256: null, facts: {} });
  const add = async (name: string, strength: number): Promise<Adapter> => {
    const dir = join(store.folder.adapters, name);
    const { config } = await checkModel(STARTER);
    const fresh = freshAdapter({ dir: STARTER, linear: linearModules(config) }, resolveSettings({}).settings);
    const random = Random.fromSeed(5);
    for (const [key, values] of fresh.parameters) if (key.includes('lora_B')) random.fillUniform(values, strength);
    await writeAdapterFolder(dir, toAdapter(fresh, fresh.parameters));
    const path = toStoredPath(store.folder, dir);
    return saveAdapter(store, { projectId, runId: null, modelId: model.id, name, path, sha256: name, facts: {}, files: [] });
  };
  return { projectId, modelId: model.id, silent: await add('silent', 0), loud: await add('loud', 0.5) };
}

let tasks = 0;
export async function openModel(services: FakeServices, projectId: number): Promise<void> {
  await ask(services, 'playground.setOptions', { processorOnly: true, contextTokens: 512 });
  await ask(services, 'playground.open', { task: `open-${++tasks}`, projectId, modelId: null });
}

/** Waits until nothing is written any more. */
export async function answered(services: FakeServices, chatId: number): Promise<ChatDetails> {
  await vi.waitFor(() => expect(services.answers.liveIn(chatId)).toEqual([]), { timeout: 30_000, interval: 10 });
  return ask(services, 'chats.get', { chatId });
}

export function pieces(services: FakeServices): EventPayload<'chats.streamed'>['pieces'] {
  return services.told.flatMap(({ name, payload }) =>
    name === 'chats.streamed' ? (payload as EventPayload<'chats.streamed'>).pieces : [],
  );
}

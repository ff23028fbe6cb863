/** @file A project with one of everything. */
import { saveAdapter, type Adapter } from '#store/adapters.ts';
import { saveCheckpoint, type Checkpoint } from '#store/checkpoints.ts';
import { addMessage } from '#store/messages.ts';
import { createChat } from '#store/chats.ts';
import { saveModel } from '#store/models.ts';
import { createRun, type NewRun, type Run } from '#store/runs.ts';
import { createSplit } from '#store/splits.ts';
import { saveStoredFiles } from '#store/stored-files.ts';
import type { Store } from '#store/store.ts';
import { saveVote } from '#store/votes.ts';
import { examples, importRows, sampleDataset } from './sample-store.ts';

let count = 0;

export function sampleRun(store: Store, projectId: number, change: Partial<NewRun> = {}): Run {
  return createRun(store, {
    projectId,
    versionId: null,
    splitId: null,
    modelId: null,
    name: 'first',
    method: 'kto',
    settings: { beta: 0.1 },
    folder: `runs/${++count}`,
    engine: 'onnxruntime/cpu',
    totalSteps: null,
    ...change,
  });
}

export interface SampleProject {
  readonly projectId: number;
  readonly datasetId: number;
  readonly modelId: number;
  readonly run: Run;
  readonly checkpoint: Checkpoint;
  readonly adapter: Adapter;
}

export function sampleProject(store: Store): SampleProject {
  const name = `Sample ${++count}`;
  const { projectId, datasetId } = sampleDataset(store, 'example', name);
  const version = importRows(store, datasetId, examples(10));
  const split = createSplit(store, { versionId: version.id, name: 'default', settings: {}, heldOut: new Uint8Array([3, 0]) });
  const modelId = saveModel(store, { path: `/models/${name}`, name, sha256: null, facts: {} }).id;
  const run = sampleRun(store, projectId, { versionId: version.id, splitId: split.id, modelId });
  const file = (path: string): { path: string; sha256: null; bytes: number } => ({ path, sha256: null, bytes: 4 });
  const checkpoint = saveCheckpoint(store, {
    runId: run.id,
    step: 2,
    folder: `${run.folder}/checkpoint-2`,
    files: [file(`${run.folder}/checkpoint-2/state`)],
  });
  const adapter = saveAdapter(store, {
    projectId,
    runId: run.id,
    modelId,
    name,
    path: `${run.folder}/adapter`,
    sha256: 'ab',
    facts: { rank: 8 },
    files: [file(`${run.folder}/adapter/adapter_model.safetensors`)],
  });
  saveStoredFiles(store, { kind: 'run', id: run.id }, [file(`${run.folder}/log`)]);
  saveStoredFiles(store, { kind: 'dataset', id: datasetId }, [file(`files/${name}.csv`)]);
  const chat = createChat(store, { projectId, title: 'Hello', settings: {} });
  const said = { chatId: chat.id, turn: 0, speaker: null, sampling: null, state: 'complete', facts: null } as const;
  addMessage(store, { ...said, pane: null, role: 'user', content: 'Hi', adapterId: null });
  const answer = addMessage(store, { ...said, pane: 0, role: 'assistant', content: 'Hello', adapterId: adapter.id });
  saveVote(store, { messageId: answer.id, value: 1, reason: null });
  return { projectId, datasetId, modelId, run, checkpoint, adapter };
}

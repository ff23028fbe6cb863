/** @file What the next run of a project would be asked if nobody chose. */
import type { ModelConfig } from '#engine/model/model-config.ts';
import { checkModel } from '#jobs/open-model.ts';
import { getChoices } from '#projects/choices.ts';
import { promptsOfRows, promptText } from '#runs/probe-prompts.ts';
import type { Store } from '#store/store.ts';
import { trainingData } from './training-data.ts';

/** None while there are no rows, or none with a text. */
export async function proposeProbes(store: Store, projectId: number): Promise<string[]> {
  const data = trainingData(store, projectId);
  if (data === null) return [];
  const { modelFolder } = getChoices(store, projectId);
  const model = modelFolder === null ? null : await modelIn(modelFolder);
  return [...new Set(promptsOfRows(store, data, model).map(promptText))].filter((text) => text.trim() !== '');
}

/** One that can't be used is another step's matter. */
async function modelIn(folder: string): Promise<ModelConfig | null> {
  try {
    return (await checkModel(folder)).config;
  } catch {
    return null;
  }
}

/** @file What main answers of a project in which nothing is. */
import { Choices } from '#contract/choices.ts';
import type { Answers } from './fake-client.ts';

export const EMPTY_PROJECT = {
  'choices.get': () => Choices.parse({}),
  'datasets.list': () => [],
  'files.takeOpened': () => ({ paths: [] }),
  'imports.listWaiting': () => [],
  'tasks.list': () => [],
} satisfies Answers;

/** @file The playgrounds and what is asked of them, kept up to date by what the rest of the program tells. */
import type { EventName } from '#contract/index.ts';
import { Answers } from './answers.ts';
import { Playgrounds } from './playgrounds.ts';
import type { PlaygroundSurroundings } from './surroundings.ts';

export interface OpenPlaygrounds {
  readonly playgrounds: Playgrounds;
  readonly answers: Answers;
}

/** Every event of the program, as it is told. */
interface Told {
  subscribe(listener: (message: { readonly name: EventName }) => void): void;
}

export function openPlaygrounds(around: PlaygroundSurroundings, told: Told): OpenPlaygrounds {
  const playgrounds = new Playgrounds(around);
  told.subscribe(({ name }) => {
    if (name === 'runs.changed') playgrounds.makeRoom();
    if (name === 'projects.changed') playgrounds.forgetDeleted();
  });
  return { playgrounds, answers: new Answers(around, playgrounds) };
}

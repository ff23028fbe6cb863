/** @file The playgrounds of all projects: each is made at its first use, and all make room when a run begins. */
import { getProject } from '#store/projects.ts';
import { Playground } from './playground.ts';
import type { PlaygroundSurroundings } from './surroundings.ts';

export class Playgrounds {
  readonly #around: PlaygroundSurroundings;
  readonly #byProject = new Map<number, Playground>();
  #underWay: ReadonlySet<number> = new Set();

  constructor(around: PlaygroundSurroundings) {
    this.#around = around;
  }

  of(projectId: number): Playground {
    const playground = this.#byProject.get(projectId) ?? new Playground(this.#around, projectId);
    this.#byProject.set(projectId, playground);
    return playground;
  }

  /** To be called whenever runs changed: one that began needs the memory. A model that is opened beside it later stays. */
  makeRoom(): void {
    const underWay = this.#around.underWay();
    const begun = underWay.find(({ id }) => !this.#underWay.has(id));
    const changed = underWay.length !== this.#underWay.size || begun !== undefined;
    this.#underWay = new Set(underWay.map(({ id }) => id));
    if (begun) {
      const text = `${begun.name} is being trained and needs the memory, so the model was unloaded.`;
      for (const playground of this.#byProject.values()) playground.close({ kind: 'run', text });
    }
    if (changed) this.#around.emit('playground.changed', {});
  }

  /** To be called whenever projects changed: of one that was deleted nothing stays in memory. */
  forgetDeleted(): void {
    for (const [projectId, playground] of this.#byProject) {
      if (getProject(this.#around.store, projectId)) continue;
      playground.close(null);
      this.#byProject.delete(projectId);
    }
  }

  close(): void {
    for (const playground of this.#byProject.values()) playground.close(null);
  }
}

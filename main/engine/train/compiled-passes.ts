/** @file The passes of a method by name, each compiled when it is first needed, and all of them released together. */
import type { RowPass } from './row-pass.ts';

export class CompiledPasses<Name extends string> {
  readonly #compile: (name: Name) => Promise<RowPass>;
  readonly #passes = new Map<Name, Promise<RowPass>>();

  constructor(compile: (name: Name) => Promise<RowPass>) {
    this.#compile = compile;
  }

  /** One that could not be compiled is tried again when it is asked for again. */
  async get(name: Name): Promise<RowPass> {
    let pass = this.#passes.get(name);
    if (!pass) {
      pass = this.#compile(name);
      this.#passes.set(name, pass);
      pass.catch(() => this.#passes.delete(name));
    }
    return await pass;
  }

  /** They can be asked for again, and are then compiled again. */
  async release(): Promise<void> {
    const passes = [...this.#passes.values()];
    this.#passes.clear();
    for (const pass of passes) await (await pass.catch(() => null))?.release();
  }
}

/** @file What a command is: its words for the help, known at once, and its work, loaded when it is called. */
import type { CliHost } from './host.ts';
import type { GivenOptions, OptionSpec } from './option-spec.ts';

export interface Invocation {
  readonly given: GivenOptions;
  /** All arguments of the program, the command's name first. */
  readonly argv: readonly string[];
}

export interface Command {
  readonly options: readonly OptionSpec[];
  /** @returns the exit code @throws {AppError} with one sentence for the person */
  run(invocation: Invocation, host: CliHost): Promise<number>;
}

export interface CommandEntry {
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  /** Without the program's name; the first line is what a new user needs. */
  readonly usage: readonly string[];
  /** Paragraphs between the usage and the options. */
  readonly about: readonly string[];
  readonly examples: readonly (readonly [purpose: string, args: string])[];
  load(): Promise<Command>;
}

/** @file What a command is: its words for the help, known at once, and its work, loaded when it is called. */
import type { CliHost } from './host.ts';
import type { GivenOptions, OptionSpec } from './option-spec.ts';

export interface Invocation {
  readonly given: GivenOptions;
  /** What was given without an option, such as names of files; none unless the command takes any. */
  readonly operands: readonly string[];
  /** All arguments of the program, the command's name first. */
  readonly argv: readonly string[];
}

export interface Command {
  readonly options: readonly OptionSpec[];
  /** How many words it takes beside its options; none unless told. */
  readonly operands?: { readonly least: number; readonly most: number; readonly name: string };
  /** @returns the exit code @throws {AppError} with one sentence for the person */
  run(invocation: Invocation, host: CliHost): Promise<number>;
}

export interface CommandEntry {
  /** One word, or two where several commands are about one thing: `data import`. */
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

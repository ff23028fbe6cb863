/** @file The help texts. */
import type { Command, CommandEntry } from './command.ts';
import { COMMANDS } from './commands.ts';
import type { OptionSpec } from './option-spec.ts';
import { PROGRAM } from './program-name.ts';
import { wrapText } from './wrap-text.ts';

const INDENT = '  ';
/** Longer option names have their sentence on the next line. */
const MAX_NAME_COLUMN = 40;
const MIN_WIDTH = 60;
const MAX_WIDTH = 120;

export interface HelpStyle {
  /** How it was started. */
  readonly program: string;
  /** Width of the terminal; undefined when there is none. */
  readonly columns: number | undefined;
}

/** @param group - only the commands that begin with this word */
export function mainHelp({ program, columns }: HelpStyle, group: string | null = null): string {
  const width = widthOf(columns);
  const commands = COMMANDS.filter(({ name }) => group === null || name.startsWith(`${group} `));
  return joined([
    ...(group === null ? ['Prospect aligns a language model on your own computer with KTO or DPO.'] : []),
    section('Usage', [`${PROGRAM} ${group === null ? '' : `${group} `}<command> [options]`, ...startedAs(program)]),
    section(
      'Commands',
      listing(
        commands.map(({ name, summary }) => [name, summary] as const),
        width,
      ),
    ),
    section(
      'Options',
      listing(
        [
          ['-h, --help', 'Shows this text, or the help of a command.'],
          ['--version', 'Shows the version.'],
        ],
        width,
      ),
    ),
    section(
      'Help of a command',
      commands.map(({ name }) => `${PROGRAM} ${name} --help`),
    ),
  ]);
}

export function commandHelp(entry: CommandEntry, { options }: Pick<Command, 'options'>, { program, columns }: HelpStyle): string {
  const width = widthOf(columns);
  const groups = [...new Set(options.map(({ group }) => group))];
  return joined([
    wrapText(entry.summary, width),
    section('Usage', [...entry.usage.map((line) => `${PROGRAM} ${line}`), ...startedAs(program)]),
    ...entry.about.map((paragraph) => wrapText(paragraph, width)),
    ...groups.map((group) => section(group, listing(options.filter((option) => option.group === group).map(optionRow), width))),
    section(
      'Examples',
      entry.examples.flatMap(([purpose, args]) => [`# ${purpose}`, `${PROGRAM} ${args}`]),
    ),
  ]);
}

/** Where the name alone would not be found. */
function startedAs(program: string): string[] {
  return program === PROGRAM ? [] : [`(prospect is started here as: ${program})`];
}

function optionRow({ name, kind, placeholder, sentence, default: fallback }: OptionSpec): readonly [string, string] {
  const written = { value: `--${name} ${placeholder}`, flag: `--${name}`, toggle: `--${name}, --no-${name}` }[kind];
  return [written, fallback === null ? sentence : `${sentence} (default: ${fallback})`];
}

/** Names on the left, their sentences in a column of their own. */
function listing(rows: readonly (readonly [name: string, sentence: string])[], width: number): string[] {
  const column = Math.min(MAX_NAME_COLUMN, Math.max(...rows.map(([name]) => name.length + 2)));
  return rows.flatMap(([name, sentence]) => {
    const lines = wrapText(sentence, width - INDENT.length - column).split('\n');
    const [first = ''] = lines;
    const head = name.length + 2 > column ? [name, ' '.repeat(column) + first] : [name.padEnd(column) + first];
    return [...head, ...lines.slice(1).map((line) => ' '.repeat(column) + line)];
  });
}

function section(title: string, lines: readonly string[]): string {
  return [`${title}:`, ...lines.map((line) => INDENT + line)].join('\n');
}

function joined(parts: readonly string[]): string {
  return `${parts.join('\n\n')}\n`;
}

function widthOf(columns: number | undefined): number {
  return Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, columns ?? 100));
}

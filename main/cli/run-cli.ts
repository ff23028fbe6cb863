/** @file The command line from its arguments to its exit code; everything else it touches comes with the host. */
import { SettingsError } from '#contract/errors.ts';
import { nearestName } from '#engine/train/nearest-name.ts';
import type { Command, CommandEntry, Invocation } from './command.ts';
import { COMMANDS } from './commands.ts';
import { SUCCESS } from './exit-codes.ts';
import { commandHelp, mainHelp } from './help.ts';
import type { CliHost } from './host.ts';
import { PROGRAM } from './program-name.ts';
import { parseArguments, parseOptions } from './parse-options.ts';
import { reportError } from './report-error.ts';

/**
 * @param argv - without the program itself: `['train', '--model', …]`
 * @returns the exit code: 0 done, 1 failed, 2 not understood, 130 or 143 stopped by a signal
 */
export async function runCli(argv: readonly string[], host: CliHost): Promise<number> {
  try {
    return await dispatch(argv, host);
  } catch (error) {
    const { text, exitCode } = reportError(error, { signal: host.signal, verbose: argv.includes('--verbose') });
    if (text !== null) host.stderr.write(text);
    return exitCode;
  }
}

async function dispatch(argv: readonly string[], host: CliHost): Promise<number> {
  const [first, ...rest] = argv.filter((arg) => arg !== '--verbose');
  if (first === undefined || isHelp(first) || (first === 'help' && rest.length === 0)) return print(mainHelp(styleOf(host)), host);
  if (first === '--version') return print(`${(await import('./version.ts')).VERSION}\n`, host);
  if (first === 'help') return showHelp(findCommand(rest).entry, host);
  if (isGroup(first) && (rest.length === 0 || isHelp(rest[0] ?? ''))) return print(mainHelp(styleOf(host), first), host);
  const { entry, args } = findCommand([first, ...rest]);
  if (args.some(isHelp)) return showHelp(entry, host);
  const command = await entry.load();
  return command.run({ ...parse(args, command, entry.name), argv }, host);
}

function parse(args: readonly string[], { options, operands }: Command, name: string): Pick<Invocation, 'given' | 'operands'> {
  const help = `${PROGRAM} ${name} --help`;
  if (operands === undefined) return { given: parseOptions(args, options, help), operands: [] };
  const parsed = parseArguments(args, options, help);
  const count = parsed.operands.length;
  if (count >= operands.least && count <= operands.most) return parsed;
  const message = count < operands.least ? `${operands.name} is missing.` : `${count} names were given where ${operands.most} is taken.`;
  throw new SettingsError(`${message} See ${help}.`, { field: operands.name });
}

function isHelp(arg: string): boolean {
  return arg === '--help' || arg === '-h';
}

/** Whether several commands begin with this word. */
function isGroup(word: string): boolean {
  return COMMANDS.some(({ name }) => name.startsWith(`${word} `));
}

/** @returns the command that the first word or two name, and what follows */
function findCommand(words: readonly string[]): { readonly entry: CommandEntry; readonly args: readonly string[] } {
  for (const length of [2, 1]) {
    const entry = COMMANDS.find(({ name }) => name === words.slice(0, length).join(' '));
    if (entry !== undefined) return { entry, args: words.slice(length) };
  }
  const [first = '', second] = words;
  const name = isGroup(first) && second !== undefined ? `${first} ${second}` : first;
  const names = COMMANDS.map((entry) => entry.name);
  const message = name.startsWith('-')
    ? `Begin with a command (${names.join(', ')}), not with the option ${name}.`
    : `There is no command ${JSON.stringify(name)}; the nearest is ${nearestName(name, names)}.`;
  throw new SettingsError(`${message} See ${PROGRAM} --help.`, { field: 'command' });
}

async function showHelp(entry: CommandEntry, host: CliHost): Promise<number> {
  return print(commandHelp(entry, await entry.load(), styleOf(host)), host);
}

function styleOf({ program, stdout }: CliHost): { program: string; columns: number | undefined } {
  return { program, columns: stdout.columns };
}

function print(text: string, { stdout }: CliHost): number {
  stdout.write(text);
  return SUCCESS;
}

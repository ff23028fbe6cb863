/** @file Reads the arguments of a command by the table of its options. */
import { SettingsError } from '#contract/errors.ts';
import { nearestName } from '#engine/train/nearest-name.ts';
import type { GivenOptions, OptionSpec } from './option-spec.ts';

/**
 * Values follow their option (`--beta 0.2`) or an equals sign (`--beta=0.2`); of an option given twice the last counts.
 * @param help - command that shows the options, for messages
 * @throws {SettingsError} naming the first argument that is no option, lacks its value, or has one that it does not take
 */
export function parseOptions(args: readonly string[], specs: readonly OptionSpec[], help: string): GivenOptions {
  const { given, operands } = parseArguments(args, specs, help);
  const [first] = operands;
  if (first !== undefined) throw refuse(first, `Unexpected argument ${shown(first)}: options begin with --. See ${help}.`);
  return given;
}

/**
 * The same for a command that takes words beside its options; all that follows a lone `--` is such a word.
 * @throws {SettingsError} naming the first option that is none, lacks its value, or has one that it does not take
 */
export function parseArguments(
  args: readonly string[],
  specs: readonly OptionSpec[],
  help: string,
): { readonly given: GivenOptions; readonly operands: readonly string[] } {
  const given = new Map<string, string | boolean>();
  const operands: string[] = [];
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === '--') {
      operands.push(...rest.splice(0));
      continue;
    }
    if (!arg.startsWith('-')) {
      operands.push(arg);
      continue;
    }
    const { spec, isOn, attached } = findOption(arg, specs, help);
    if (spec.kind !== 'value') given.set(spec.name, switchValue(spec, isOn, attached));
    else given.set(spec.name, attached ?? nextValue(spec, rest));
  }
  return { given, operands };
}

interface Found {
  readonly spec: OptionSpec;
  /** False for --no-NAME. */
  readonly isOn: boolean;
  /** What stands after the equals sign. */
  readonly attached: string | null;
}

function findOption(arg: string, specs: readonly OptionSpec[], help: string): Found {
  const equals = arg.indexOf('=');
  const written = equals === -1 ? arg : arg.slice(0, equals);
  const attached = equals === -1 ? null : arg.slice(equals + 1);
  for (const spec of specs) {
    if (written === `--${spec.name}`) return { spec, isOn: true, attached };
    if (spec.kind === 'toggle' && written === `--no-${spec.name}`) return { spec, isOn: false, attached };
  }
  const names = specs.flatMap(({ name, kind }) => (kind === 'toggle' ? [name, `no-${name}`] : [name]));
  const nearest = nearestName(written.replace(/^-+/, ''), names);
  throw refuse(written, `There is no option ${shown(written)}; the nearest is --${nearest}. See ${help}.`);
}

/** A value never begins with two dashes, so that a forgotten one is noticed; a negative number may follow. */
function nextValue({ name, placeholder }: OptionSpec, rest: string[]): string {
  const [next] = rest;
  if (next === undefined || next.startsWith('--')) throw refuse(name, `--${name} needs a value: --${name} ${placeholder}.`);
  rest.shift();
  return next;
}

function switchValue({ name, kind }: OptionSpec, isOn: boolean, attached: string | null): boolean {
  if (attached === null) return isOn;
  if (kind === 'toggle' && isOn && (attached === 'true' || attached === 'false')) return attached === 'true';
  throw refuse(name, `--${isOn ? '' : 'no-'}${name} takes no value; it was given ${shown(attached)}.`);
}

function refuse(field: string, message: string): SettingsError {
  return new SettingsError(message, { field });
}

function shown(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : JSON.stringify(text);
}

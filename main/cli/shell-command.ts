/** @file A command line that can be copied into a shell. */

/** Nothing in it means anything to a POSIX shell, cmd or PowerShell. */
const PLAIN = /^[\w@%+=:,./-]+$/;
const PLAIN_WINDOWS = /^[\w@+=:./\\-]+$/;

/** @param program - how the program is started; stands there as it is */
export function shellCommand(program: string, args: readonly string[], platform: string): string {
  return [program, ...args.map((arg) => quote(arg, platform))].join(' ');
}

function quote(arg: string, platform: string): string {
  if (platform === 'win32') return PLAIN_WINDOWS.test(arg) ? arg : `"${arg.replaceAll('"', '\\"')}"`;
  return PLAIN.test(arg) ? arg : `'${arg.replaceAll("'", String.raw`'\''`)}'`;
}

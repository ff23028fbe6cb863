/** @file Finds the value of a column: by its name, or by a path into nested values such as `data.rating` or `messages[-1].content`. */

export type Fields = Readonly<Record<string, unknown>>;
export type Getter = (fields: Fields) => unknown;
type Step = string | number;

const STEP = /^([^.[\]]+)|^\.([^.[\]]+)|^\[(-?\d+)\]/u;

/**
 * A function that finds the column in one record after another; undefined where there is none. A column whose very name has
 * dots (`label.responses`) comes before the path. A null column is never there.
 */
export function createGetter(column: string | null): Getter {
  if (column === null) return () => undefined;
  const steps = parsePath(column);
  if (steps === null || steps.length === 1) return (fields) => own(fields, column);
  return (fields) => (Object.hasOwn(fields, column) ? fields[column] : walk(fields, steps));
}

/** The steps of a path, from the outside in; null if it is not one, so that it can only be a name. */
function parsePath(path: string): readonly Step[] | null {
  const steps: Step[] = [];
  let rest = path;
  while (rest !== '') {
    const match = STEP.exec(rest);
    if (match === null || (steps.length === 0) !== (match[1] !== undefined)) return null;
    steps.push(match[3] === undefined ? ((match[1] ?? match[2]) as string) : Number(match[3]));
    rest = rest.slice(match[0].length);
  }
  return steps.length === 0 ? null : steps;
}

function walk(fields: Fields, steps: readonly Step[]): unknown {
  let value: unknown = fields;
  for (const step of steps) {
    if (typeof value !== 'object' || value === null) return undefined;
    if (typeof step === 'string') value = Array.isArray(value) ? undefined : own(value as Fields, step);
    else value = Array.isArray(value) ? value.at(step) : undefined;
  }
  return value;
}

/** Not what every object inherits: a column may be called `constructor`. */
function own(fields: Fields, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

/**
 * @file The notation of the rule tables: plain text, `[one|two|]` for alternatives (an empty one leaves the words out) and
 * `{name}` for a value of the document (the paper's topic) or a choice from the rule of that name.
 */
import { InternalError } from '#contract/errors.ts';

export type TemplateNode =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'reference'; readonly name: string }
  | { readonly kind: 'choice'; readonly options: readonly Template[] };

export type Template = readonly TemplateNode[];

/** @throws {InternalError} if a bracket or brace has no partner */
export function parseTemplate(source: string): Template {
  const { template, end } = parseUntil(source, 0, '');
  if (end !== source.length) throw new InternalError(`The phrase "${source}" has an unexpected "${source[end]}" at position ${end}.`);
  return template;
}

/** Reads up to one of the stop characters (left unread) at this depth. */
function parseUntil(source: string, start: number, stops: string): { template: Template; end: number } {
  const nodes: TemplateNode[] = [];
  let at = start;
  while (at < source.length && !stops.includes(source[at] as string)) {
    const character = source[at] as string;
    if (character === '[') {
      const { options, end } = parseChoice(source, at + 1);
      nodes.push({ kind: 'choice', options });
      at = end;
    } else if (character === '{') {
      const end = source.indexOf('}', at);
      if (end < 0) throw new InternalError(`The phrase "${source}" opens a brace at position ${at} and never closes it.`);
      nodes.push({ kind: 'reference', name: source.slice(at + 1, end) });
      at = end + 1;
    } else if (character === ']' || character === '}') {
      break;
    } else {
      const length = source.slice(at).search(stops === '' ? /[[\]{}]/u : /[[\]{}|]/u);
      const end = length < 0 ? source.length : at + length;
      nodes.push({ kind: 'text', text: source.slice(at, end) });
      at = end;
    }
  }
  return { template: nodes, end: at };
}

function parseChoice(source: string, start: number): { options: readonly Template[]; end: number } {
  const options: Template[] = [];
  let at = start;
  for (;;) {
    const { template, end } = parseUntil(source, at, '|]');
    options.push(template);
    const stop = source[end];
    if (stop === undefined) throw new InternalError(`The phrase "${source}" opens a bracket and never closes it.`);
    at = end + 1;
    if (stop === ']') return { options, end: at };
    if (stop !== '|') throw new InternalError(`The phrase "${source}" has an unexpected "${stop}" at position ${end}.`);
  }
}

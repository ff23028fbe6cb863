/** @file A grammar: named rules, each a list of phrases, checked as a whole when it is built. */
import { InternalError } from '#contract/errors.ts';
import type { RandomSource } from './random-source.ts';
import { parseTemplate } from './template.ts';
import type { Template } from './template.ts';

/** Phrases by the name of their rule, in the notation of template.ts. */
export type RuleTable = Readonly<Record<string, readonly string[]>>;

/** The document's own words, by name. */
export type Bindings = Readonly<Record<string, string>>;

/** Phrases already used in a text, so that it does not say the same thing twice. */
export type UsedPhrases = Set<Template>;

export interface Grammar {
  readonly rules: ReadonlyMap<string, readonly Template[]>;
}

/** How often a phrase that the text has used already is drawn again before it is accepted. */
const REDRAWS = 6;

/**
 * @param bindings - names that documents will give themselves
 * @throws {InternalError} if a phrase is malformed or names a rule that does not exist
 */
export function createGrammar(table: RuleTable, bindings: readonly string[]): Grammar {
  const rules = new Map(Object.entries(table).map(([name, phrases]) => [name, phrases.map(parseTemplate)]));
  const known = new Set([...rules.keys(), ...bindings]);
  for (const [name, templates] of rules) {
    if (templates.length === 0) throw new InternalError(`The rule "${name}" has no phrases.`);
    for (const template of templates) checkReferences(template, name, known);
  }
  return { rules };
}

/**
 * One random phrase of a rule, as written in the table: articles and capitals are still to be put right (english.ts).
 * @throws {InternalError} if there is no such rule
 */
export function expandRule(
  grammar: Grammar,
  name: string,
  random: RandomSource,
  bindings: Bindings = {},
  used: UsedPhrases = new Set(),
): string {
  const templates = grammar.rules.get(name);
  if (templates === undefined) throw new InternalError(`There is no rule "${name}" in this grammar.`);
  let template = random.pick(templates);
  for (let draw = 0; draw < REDRAWS && used.has(template); draw++) template = random.pick(templates);
  used.add(template);
  return expandTemplate(template, { grammar, random, bindings, used });
}

interface Expansion {
  readonly grammar: Grammar;
  readonly random: RandomSource;
  readonly bindings: Bindings;
  readonly used: UsedPhrases;
}

function expandTemplate(template: Template, expansion: Expansion): string {
  const { grammar, random, bindings, used } = expansion;
  let text = '';
  for (const node of template) {
    if (node.kind === 'text') text += node.text;
    else if (node.kind === 'choice') text += expandTemplate(random.pick(node.options), expansion);
    else text += bindings[node.name] ?? expandRule(grammar, node.name, random, bindings, used);
  }
  return text;
}

function checkReferences(template: Template, rule: string, known: ReadonlySet<string>): void {
  for (const node of template) {
    if (node.kind === 'choice') for (const option of node.options) checkReferences(option, rule, known);
    if (node.kind === 'reference' && !known.has(node.name)) {
      throw new InternalError(`The rule "${rule}" refers to "${node.name}", which is neither a rule nor a word of the document.`);
    }
  }
}

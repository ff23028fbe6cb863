/**
 * @file Rewrites the syntax tree of a parsed chat template so that calls which @huggingface/jinja answers otherwise than
 * Python end up in functions of ours.
 */

/** Names under which the replacements are declared; no template defines them. */
export const REDIRECTED = {
  strip: 'prospect_strip',
  lstrip: 'prospect_lstrip',
  rstrip: 'prospect_rstrip',
  strftime_now: 'prospect_strftime_now',
} as const;

interface Node {
  type: string;
  [key: string]: unknown;
}

/**
 * Redirects `x.strip(…)`, `x.lstrip(…)`, `x.rstrip(…)`, `x | trim` and `strftime_now(…)`, in place.
 * @param tree - what the library's parser gives; its classes are not exported, so it is walked as plain objects
 */
export function redirectTemplateCalls(tree: unknown): void {
  if (Array.isArray(tree)) {
    for (const child of tree) redirectTemplateCalls(child);
    return;
  }
  if (tree instanceof Map) {
    for (const [key, value] of tree) {
      redirectTemplateCalls(key);
      redirectTemplateCalls(value);
    }
    return;
  }
  if (!isNode(tree)) return;
  for (const child of Object.values(tree)) redirectTemplateCalls(child);
  redirectMethod(tree);
  redirectTrimFilter(tree);
  if (tree.type === 'Identifier' && tree['value'] === 'strftime_now') tree['value'] = REDIRECTED.strftime_now;
}

function redirectMethod(node: Node): void {
  const callee = node['callee'];
  if (node.type !== 'CallExpression' || !isNode(callee) || callee.type !== 'MemberExpression' || callee['computed'] === true) return;
  const property = callee['property'];
  const method = isNode(property) ? property['value'] : undefined;
  if (method !== 'strip' && method !== 'lstrip' && method !== 'rstrip') return;
  node['args'] = [callee['object'], ...(node['args'] as unknown[])];
  node['callee'] = { type: 'Identifier', value: REDIRECTED[method] };
}

function redirectTrimFilter(node: Node): void {
  const filter = node['filter'];
  if (node.type !== 'FilterExpression' || !isNode(filter)) return;
  if (filter.type !== 'Identifier' || filter['value'] !== 'trim') return;
  node['args'] = [node['operand']];
  node['callee'] = { type: 'Identifier', value: REDIRECTED.strip };
  node.type = 'CallExpression';
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}

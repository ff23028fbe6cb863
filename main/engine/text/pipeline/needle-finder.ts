/**
 * @file Finds many fixed strings in a text at once: leftmost first, and the longest of those that start there. A trie,
 * because some vocabularies add thousands of tokens.
 */

interface TrieNode<Value> {
  readonly children: Map<number, TrieNode<Value>>;
  value: Value | undefined;
}

/** Returns a function that yields every match without overlaps, from left to right; empty needles are ignored. */
export function buildNeedleFinder<Value extends object>(
  needles: ReadonlyMap<string, Value>,
): (text: string) => Generator<{ start: number; end: number; needle: Value }> {
  const root: TrieNode<Value> = { children: new Map(), value: undefined };
  for (const [content, value] of needles) {
    if (content !== '') insert(root, content, value);
  }
  return function* (text) {
    let start = 0;
    while (start < text.length) {
      let node = root.children.get(text.charCodeAt(start));
      let longest: { start: number; end: number; needle: Value } | null = null;
      for (let end = start + 1; node !== undefined; end++) {
        if (node.value !== undefined) longest = { start, end, needle: node.value };
        node = end < text.length ? node.children.get(text.charCodeAt(end)) : undefined;
      }
      if (longest === null) {
        start++;
      } else {
        yield longest;
        start = longest.end;
      }
    }
  };
}

function insert<Value>(root: TrieNode<Value>, content: string, value: Value): void {
  let node = root;
  for (let index = 0; index < content.length; index++) {
    const unit = content.charCodeAt(index);
    let child = node.children.get(unit);
    if (child === undefined) {
      child = { children: new Map(), value: undefined };
      node.children.set(unit, child);
    }
    node = child;
  }
  node.value = value;
}

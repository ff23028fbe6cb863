/** @file The form in which two texts are compared when case, spacing and a last full stop should not tell them apart. */

// Marks that end or repeat without a meaning of their own. Dashes, brackets, operators and a leading dot stay: -5, f(), .5.
const END_MARKS = `.,;:!?…。、，！？；：·"'\`’‘“”«»„‚`;
const START_MARKS = `"'\`’‘“”«»„‚¿¡`;

const ASCII = /^[\0-\x7f]*$/;
/** White space other than a single space between words. */
const OTHER_SPACE = /\s{2,}|[^\S ]/g;
/** "!!!", "...": a mark that is written more than once. */
const REPEATED_MARK = /([.,!?。！？])\1+/g;

/**
 * Unicode NFKC, lower case, white space collapsed to single spaces and trimmed, repeated sentence marks (`. , ! ?`) written once,
 * sentence marks and quotes taken off the end, quotes and ¿¡ off the beginning. A text of nothing but marks keeps them.
 * Normalising twice changes nothing more.
 */
export function normaliseText(text: string): string {
  let from = text;
  // Taking marks off an end can bring together what another pass would join, so the rules are applied until nothing changes.
  for (;;) {
    const to = normaliseOnce(from);
    if (to === from) return to;
    from = to;
  }
}

function normaliseOnce(text: string): string {
  const folded = ASCII.test(text) ? text.toLowerCase() : text.normalize('NFKC').toLowerCase();
  const plain = folded.replace(OTHER_SPACE, ' ').replace(REPEATED_MARK, '$1').trim();
  return stripMarks(plain) || plain;
}

function stripMarks(text: string): string {
  let start = 0;
  let end = text.length;
  while (end > start && (END_MARKS.includes(text.charAt(end - 1)) || text.charAt(end - 1) === ' ')) end--;
  while (start < end && (START_MARKS.includes(text.charAt(start)) || text.charAt(start) === ' ')) start++;
  return text.slice(start, end);
}

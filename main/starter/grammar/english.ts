/** @file What the rule tables leave to code: a or an, capitals, spaces. */

/** Words that begin with a vowel letter and a consonant sound, by their beginnings. */
const CONSONANT_SOUND = /^(?:uni(?!n|m)|use|usu|util|eu|one\b|once\b)/iu;
/** Words that begin with a silent h. */
const SILENT_H = /^(?:hour|honest|honou?r|heir)/iu;
/** Titles leave these small unless they come first or after a colon. */
const SMALL_WORDS = new Set('a an and as at by for from in into of on or the to under with without'.split(' '));

/** `a` or `an` before this word. */
export function indefiniteArticle(word: string): 'a' | 'an' {
  if (SILENT_H.test(word)) return 'an';
  return /^[aeiou]/iu.test(word) && !CONSONANT_SOUND.test(word) ? 'an' : 'a';
}

/** Puts every `a` and `an` of a text right for the word that follows; `A` and `An` likewise. */
export function fixArticles(text: string): string {
  return text.replace(/\b(a|A)n?( ["“]?)([A-Za-z]+)/gu, (_, article: string, between: string, word: string) => {
    const right = indefiniteArticle(word);
    return `${article === 'A' ? right.replace('a', 'A') : right}${between}${word}`;
  });
}

/** Small letters as in a rule table → running text: articles, the word I, and a capital after every full stop. */
export function finishText(text: string): string {
  const spaced = text.replace(/\s+/gu, ' ').replace(/ ([.,:;?!])/gu, '$1');
  const withI = spaced.trim().replace(/\bi\b/gu, 'I');
  return fixArticles(withI).replace(/^[a-z]|(?<=[.?!]"? )[a-z]/gu, (letter) => letter.toUpperCase());
}

/** Capitals for a paper's title. */
export function titleCase(text: string): string {
  let isStart = true;
  return fixArticles(text)
    .split(' ')
    .map((word) => {
      const small = !isStart && SMALL_WORDS.has(word);
      isStart = word.endsWith(':') || word.endsWith('?');
      return small ? word : word.replace(/(?:^|(?<=-))[a-z]/gu, (letter) => letter.toUpperCase());
    })
    .join(' ');
}

/** Words as separated by spaces. */
export function countWords(text: string): number {
  return text.split(/\s+/u).filter((word) => word !== '').length;
}

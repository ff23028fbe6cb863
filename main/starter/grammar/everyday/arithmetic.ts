/** @file Small sums in words, counting and comparing. */
import { finishText } from '#starter/grammar/english.ts';
import type { RandomSource } from '#starter/grammar/random-source.ts';
import type { Exchange } from './exchange.ts';

const SMALL =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const TENS = 'zero ten twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');

/** @param value - 0 … 100 */
export function numberInWords(value: number): string {
  if (value < 20) return SMALL[value] as string;
  if (value === 100) return 'one hundred';
  const tens = TENS[Math.floor(value / 10)] as string;
  return value % 10 === 0 ? tens : `${tens}-${SMALL[value % 10]}`;
}

const SIGNS = [
  { word: 'plus', result: (a: number, b: number) => a + b },
  { word: 'minus', result: (a: number, b: number) => a - b },
  { word: 'times', result: (a: number, b: number) => a * b },
] as const;

export function sum(random: RandomSource): Exchange {
  const sign = random.pick(SIGNS);
  const most = sign.word === 'times' ? 10 : 12;
  let [a, b] = [1 + random.integer(most), 1 + random.integer(most)];
  if (sign.word === 'minus' && b > a) [a, b] = [b, a];
  const task = `${numberInWords(a)} ${sign.word} ${numberInWords(b)}`;
  const result = numberInWords(sign.result(a, b));
  const question = random.pick([
    `what is ${task}?`,
    `how much is ${task}?`,
    `${task}?`,
    `can you work out ${task}?`,
    `please tell me ${task}.`,
  ]);
  const answer = random.pick([`${task} is ${result}.`, `${task} is ${result}.`, `the answer is ${result}.`]);
  return { question: finishText(question), answer: finishText(answer) };
}

export function counting(random: RandomSource): Exchange {
  const start = 1 + random.integer(30);
  if (random.chance(0.5)) {
    const isNext = random.chance(0.5);
    const other = numberInWords(isNext ? start + 1 : start - 1);
    const place = isNext ? 'after' : 'before';
    return {
      question: finishText(`what number comes ${place} ${numberInWords(start)}?`),
      answer: finishText(random.pick([`${other} comes ${place} ${numberInWords(start)}.`, `it is ${other}.`])),
    };
  }
  const [a, b] = [start, start + 1 + random.integer(20)];
  const swap = random.chance(0.5);
  const wantsLarger = random.chance(0.5);
  const word = wantsLarger ? random.pick(['larger', 'more']) : random.pick(['smaller', 'less']);
  const [right, wrong] = wantsLarger ? [b, a] : [a, b];
  const [first, second] = swap ? [b, a] : [a, b];
  return {
    question: finishText(`which is ${word}, ${numberInWords(first)} or ${numberInWords(second)}?`),
    answer: finishText(`${numberInWords(right)} is ${word} than ${numberInWords(wrong)}.`),
  };
}

/** @file Days, months and seasons. */
import { finishText } from '#starter/grammar/english.ts';
import type { RandomSource } from '#starter/grammar/random-source.ts';
import { numberInWords } from './arithmetic.ts';
import { columns } from './exchange.ts';
import type { Exchange } from './exchange.ts';

const DAYS = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split(' ');
const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const SEASONS = 'winter spring summer autumn'.split(' ');
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const FIXED = columns(`
how many days are in a week?; a week has seven days.
how many days does a week have?; there are seven days in a week.
how many months are in a year?; a year has twelve months.
how many hours are in a day?; a day has twenty-four hours.
how many minutes are in an hour?; an hour has sixty minutes.
how many seconds are in a minute?; a minute has sixty seconds.
how many seasons are there?; there are four seasons: spring, summer, autumn and winter.
what are the four seasons?; the four seasons are spring, summer, autumn and winter.
what is the first day of the week?; the week begins on Monday.
what is the last month of the year?; the last month is December.
what is the first month of the year?; the first month is January.
which days are the weekend?; Saturday and Sunday are the weekend.
name three days of the week.; Monday, Tuesday and Friday are days of the week.
name two months.; March and July are months of the year.
`);

export function calendar(random: RandomSource): Exchange {
  const kind = random.integer(5);
  if (kind === 0) {
    const [question = '', answer = ''] = random.pick(FIXED);
    return { question: finishText(question), answer: finishText(answer) };
  }
  if (kind === 1) {
    const month = random.integer(12);
    const days = numberInWords(MONTH_DAYS[month] as number);
    const extra = month === 1 ? ', and one more in a leap year' : '';
    return { question: `How many days does ${MONTHS[month]} have?`, answer: `${MONTHS[month]} has ${days} days${extra}.` };
  }
  if (kind === 2) {
    const month = random.integer(12);
    const season = SEASONS[Math.floor(((month + 1) % 12) / 3)] as string;
    return { question: `Which season is ${MONTHS[month]} in?`, answer: `In the north, ${MONTHS[month]} is in ${season}.` };
  }
  return neighbour(random, random.chance(0.6) ? DAYS : random.chance(0.8) ? MONTHS : SEASONS);
}

function neighbour(random: RandomSource, names: readonly string[]): Exchange {
  const at = random.integer(names.length);
  const isNext = random.chance(0.6);
  const place = isNext ? 'after' : 'before';
  const name = names[at] as string;
  const other = names[(at + (isNext ? 1 : names.length - 1)) % names.length] as string;
  const thing = names === DAYS ? 'day' : names === MONTHS ? 'month' : 'season';
  if (names === DAYS && random.chance(0.4)) {
    const time = isNext ? 'tomorrow' : 'yesterday';
    const question = `If today is ${name}, what day ${isNext ? 'is tomorrow' : 'was yesterday'}?`;
    return { question, answer: finishText(`${time} ${isNext ? 'is' : 'was'} ${other}.`) };
  }
  const question = random.pick([`what ${thing} comes ${place} ${name}?`, `which ${thing} is ${place} ${name}?`]);
  return { question: finishText(question), answer: finishText(random.pick([`${other} comes ${place} ${name}.`, `it is ${other}.`])) };
}

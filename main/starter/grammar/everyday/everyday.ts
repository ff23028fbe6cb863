/** @file Everyday questions with short answers, so that the starter model can hold a simple conversation. */
import type { RandomSource } from '#starter/grammar/random-source.ts';
import { counting, sum } from './arithmetic.ts';
import { calendar } from './calendar.ts';
import type { Exchange, ExchangeMaker } from './exchange.ts';
import { definition } from './facts.ts';
import { howTo } from './how-to.ts';
import { animal, capital, colour, opposite, size, weather } from './nature.ts';
import { aboutItself, farewell, greeting, mood, thanks } from './small-talk.ts';

/** A kind of question and how often it comes, relative to the others. */
const KINDS: readonly { readonly make: ExchangeMaker; readonly weight: number }[] = [
  { make: definition, weight: 24 },
  { make: howTo, weight: 16 },
  { make: sum, weight: 10 },
  { make: animal, weight: 8 },
  { make: calendar, weight: 8 },
  { make: greeting, weight: 6 },
  { make: colour, weight: 5 },
  { make: size, weight: 5 },
  { make: counting, weight: 4 },
  { make: mood, weight: 4 },
  { make: aboutItself, weight: 4 },
  { make: opposite, weight: 3 },
  { make: capital, weight: 3 },
  { make: weather, weight: 3 },
  { make: thanks, weight: 2 },
  { make: farewell, weight: 1 },
];

const MAKERS: readonly ExchangeMaker[] = KINDS.flatMap(({ make, weight }) => new Array<ExchangeMaker>(weight).fill(make));

export function everydayExchange(random: RandomSource): Exchange {
  return random.pick(MAKERS)(random);
}

/** What may follow an answer: usually thanks, sometimes a farewell. */
export function closingExchange(random: RandomSource): Exchange {
  return random.chance(0.8) ? thanks(random) : farewell(random);
}

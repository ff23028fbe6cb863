/** @file Animals, colours, sizes, opposites, places and the weather. */
import { finishText } from '#starter/grammar/english.ts';
import type { RandomSource } from '#starter/grammar/random-source.ts';
import { columns } from './exchange.ts';
import type { Exchange } from './exchange.ts';

/** Animal; legs; sound as a verb; young; home; food. */
const ANIMALS = columns(`
a dog; four; barks; puppy; in a house with people; meat and dog food
a cat; four; meows; kitten; in a house with people; fish and meat
a cow; four; moos; calf; on a farm; grass
a horse; four; neighs; foal; in a stable; grass and oats
a sheep; four; bleats; lamb; on a farm; grass
a pig; four; grunts; piglet; on a farm; almost everything
a duck; two; quacks; duckling; near a lake; plants and insects
a hen; two; clucks; chick; on a farm; grain and worms
a lion; four; roars; cub; in dry grassland; meat
a bear; four; growls; cub; in a forest; berries, fish and honey
a wolf; four; howls; pup; in a forest; meat
a frog; four; croaks; tadpole; near a pond; flies
a goat; four; bleats; kid; on a hill; grass and leaves
an owl; two; hoots; owlet; in a tree; mice
a bee; six; buzzes; larva; in a hive; sweet juice from flowers
a mouse; four; squeaks; pup; in a small hole; seeds and cheese
`);

/** Things from small to large. */
const SIZES = 'an ant, a bee, a mouse, a frog, a duck, a cat, a dog, a sheep, a pig, a lion, a bear, a cow, an elephant, a whale'.split(
  ', ',
);

const COLOURS = columns(`
the sky; blue
grass; green
snow; white
milk; white
coal; black
the night; black
blood; red
a tomato; red
a strawberry; red
a lemon; yellow
a banana; yellow
the sun; yellow
a carrot; orange
an orange; orange
a pumpkin; orange
chocolate; brown
wood; brown
an elephant; grey
ash; grey
a plum; purple
a flamingo; pink
a leaf in summer; green
a cucumber; green
the sea; blue
`);

const OPPOSITES = columns(`
hot; cold
big; small
long; short
up; down
day; night
open; closed
wet; dry
old; new
early; late
fast; slow
high; low
left; right
full; empty
light; dark
heavy; light
loud; quiet
near; far
hard; soft
sweet; sour
summer; winter
before; after
always; never
inside; outside
first; last
`);

const CAPITALS = columns(`
France; Paris
Italy; Rome
Spain; Madrid
Germany; Berlin
Japan; Tokyo
England; London
Greece; Athens
Egypt; Cairo
Norway; Oslo
Peru; Lima
Kenya; Nairobi
Portugal; Lisbon
Austria; Vienna
Poland; Warsaw
Ireland; Dublin
Cuba; Havana
`);

const MIXES = columns(`
blue and yellow; green
red and yellow; orange
red and blue; purple
black and white; grey
red and white; pink
`);

const WEATHER = columns(`
it is raining; take an umbrella and wear a coat with a hood.
it is snowing; wear warm boots and a hat, and walk slowly.
it is windy; hold on to your hat, and keep away from old trees.
it is very hot; drink water, and stay in the shade around noon.
it is very cold; wear a warm coat, a scarf and gloves.
it is foggy; walk slowly, and use a lamp so that others see you.
the sun is shining; go outside, and do not forget a hat.
there is a storm; stay inside and close the windows.
`);

export function animal(random: RandomSource): Exchange {
  const [name = '', legs = '', sound = '', young = '', home = '', food = ''] = random.pick(ANIMALS);
  const [question, answer] = random.pick([
    [`how many legs does ${name} have?`, `${name} has ${legs} legs.`],
    [`what sound does ${name} make?`, `${name} ${sound}.`],
    [`what is the young of ${name} called?`, `the young of ${name} is called a ${young}.`],
    [`where does ${name} live?`, `${name} lives ${home}.`],
    [`what does ${name} eat?`, `${name} eats ${food}.`],
    [`tell me something about ${name}.`, `${name} has ${legs} legs and lives ${home}. it eats ${food}.`],
  ] as const);
  return { question: finishText(question), answer: finishText(answer) };
}

export function size(random: RandomSource): Exchange {
  const a = random.integer(SIZES.length);
  const b = (a + 1 + random.integer(SIZES.length - 1)) % SIZES.length;
  const wantsLarger = random.chance(0.6);
  const word = wantsLarger ? random.pick(['bigger', 'larger', 'heavier']) : random.pick(['smaller', 'lighter']);
  const right = wantsLarger ? Math.max(a, b) : Math.min(a, b);
  const wrong = right === a ? b : a;
  return {
    question: finishText(`which is ${word}, ${SIZES[a]} or ${SIZES[b]}?`),
    answer: finishText(`${SIZES[right]} is ${word} than ${SIZES[wrong]}.`),
  };
}

export function colour(random: RandomSource): Exchange {
  if (random.chance(0.25)) {
    const [pair = '', mix = ''] = random.pick(MIXES);
    return { question: finishText(`what colour do ${pair} make?`), answer: finishText(`${pair} make ${mix}.`) };
  }
  const [thing = '', name = ''] = random.pick(COLOURS);
  const question = random.pick([`what colour is ${thing}?`, `which colour does ${thing} have?`, `tell me the colour of ${thing}.`]);
  return { question: finishText(question), answer: finishText(random.pick([`${thing} is ${name}.`, `it is ${name}.`])) };
}

export function opposite(random: RandomSource): Exchange {
  const pair = random.pick(OPPOSITES);
  const [word = '', other = ''] = pair[0] !== 'heavy' && random.chance(0.4) ? [pair[1], pair[0]] : pair;
  if (word === 'light') return opposite(random);
  return { question: finishText(`what is the opposite of ${word}?`), answer: finishText(`the opposite of ${word} is ${other}.`) };
}

export function capital(random: RandomSource): Exchange {
  const [country = '', city = ''] = random.pick(CAPITALS);
  if (random.chance(0.3)) return { question: `Where is ${city}?`, answer: `${city} is in ${country}.` };
  return { question: `What is the capital of ${country}?`, answer: `The capital of ${country} is ${city}.` };
}

export function weather(random: RandomSource): Exchange {
  const [state = '', advice = ''] = random.pick(WEATHER);
  const question = random.pick([`${state}. what should i do?`, `${state} today. what do you advise?`, `what should i do when ${state}?`]);
  return { question: finishText(question), answer: finishText(advice) };
}

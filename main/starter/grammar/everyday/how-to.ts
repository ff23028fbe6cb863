/** @file How to do everyday things, in one or two sentences. */
import { finishText } from '#starter/grammar/english.ts';
import { createGrammar, expandRule } from '#starter/grammar/grammar.ts';
import type { RandomSource } from '#starter/grammar/random-source.ts';
import { columns } from './exchange.ts';
import type { Exchange } from './exchange.ts';

/** What to do; how. */
const TASKS = columns(`
boil an egg; put the egg into boiling water and wait for [six|seven|eight] minutes. then cool it in cold water.
make tea; boil some water, pour it over the leaves, and wait for three minutes.
make coffee; put ground coffee into a filter and pour hot water over it.
cook rice; put one cup of rice and two cups of water into a pot. cook it gently for fifteen minutes.
cook pasta; boil a large pot of water with salt, add the pasta, and stir it now and then.
bake bread; mix flour, water, salt and yeast, and let the dough rest. then bake it in a hot oven.
make a salad; wash the leaves, cut the vegetables, and add oil, salt and lemon juice.
make soup; fry an onion, add vegetables and water, and let it cook for half an hour.
fry an onion; cut the onion into small pieces and fry it in a little oil over low heat.
make pancakes; mix flour, milk and eggs, and fry a little of it in a hot pan. turn it once.
cook potatoes; peel the potatoes, cut them in half, and cook them in water with salt for twenty minutes.
make a sandwich; put cheese and tomato between two slices of bread.
bake a cake; mix butter, sugar, eggs and flour. bake the mixture for forty minutes.
make an omelette; beat three eggs with a little salt and pour them into a hot pan. fold it when it is firm.
store bread; keep the bread in a closed box at room temperature.
wash a window; wipe the glass with warm water and soap, and dry it with a soft cloth.
wash a jumper; wash the jumper by hand in cool water and dry it flat.
iron a shirt; start with the collar, then do the sleeves, and do the front last.
sew on a button; pull a thread through the cloth and the button four times, and tie a knot on the back.
tie a knot; cross the two ends, pull one end through the loop, and pull it tight.
water a plant; pour water on the soil until it is damp. wait until it is dry before you do it again.
plant a tree; dig a hole, set the roots in it, fill it with soil, and water it.
grow tomatoes; put the plants in a sunny place, tie them to a stick, and water them each day.
paint a wall; cover the floor, wash the wall, and paint from the top to the bottom.
hang a picture; drive a nail into the wall at eye level and hang the frame on it.
change a light bulb; switch off the power, wait until the old bulb is cool, and turn in the new one.
fix a flat tyre; take off the tyre, find the hole, put a patch on it, and pump it up again.
ride a bicycle; sit up, look ahead, and push the pedals at an even speed.
learn a language; practise each day, listen a lot, and speak with other people.
learn a poem; read one line aloud, say it from memory, and then add the next line.
remember a name; say the name aloud and link it to a picture in your mind.
write a letter; start with a greeting, say why you are writing, and end with your name.
write a story; think of a person with a wish, and tell what stands in the way.
write a title; name the main topic in a few words. say what you did and for what.
read a paper; read the title and the abstract, look at the figures, and then read the rest.
save energy; switch off lamps that you do not need, and turn down the heating at night.
save money; write down what you spend, and put a little aside each month.
fall asleep; put your phone away, keep the room dark, and breathe slowly.
get up early; go to bed early and put the alarm clock away from your bed.
stay warm; wear several layers, and keep your head and hands covered.
stay cool; close the curtains, drink water, and rest in the shade.
find north; look for the sun at noon, or use a compass.
pack a suitcase; make a list, roll up your shirts, and put heavy things at the bottom.
cross a road; stop, look both ways, and walk when no car is coming.
make a friend; say hello, ask a question, and listen to the answer.
say sorry; say what you did, say that you regret it, and ask how you can help.
draw a cat; draw a circle for the head, add two ears and whiskers, and give it a long tail.
build a kite; tie two sticks into a cross, stretch paper over them, and add a tail.
play chess; move your pieces in turn, and try to trap the other king.
train a language model; show it many examples, compare its answers with the right ones, and adjust it a little each time.
`);

const ASK = createGrammar(
  {
    ask: [
      'how do i {task}?',
      'how do i {task}?',
      'how can i {task}?',
      'how do you {task}?',
      'what is the way to {task}?',
      'tell me how to {task}.',
      'please explain how to {task}.',
      'i want to {task}. what should i do?',
      'can you explain how to {task}?',
    ],
    lead: ['', '', '', 'first, ', 'it is simple: ', 'here is how: ', 'to {task}, '],
  },
  ['task'],
);

export function howTo(random: RandomSource): Exchange {
  const [task = '', steps = ''] = random.pick(TASKS);
  const bindings = { task };
  const chosen = steps.replace(/\[([^\]]*)\]/gu, (_, options: string) => random.pick(options.split('|')));
  return {
    question: finishText(expandRule(ASK, 'ask', random, bindings)),
    answer: finishText(expandRule(ASK, 'lead', random, bindings) + chosen),
  };
}

/** @file What things are: nouns with their definitions. */
import { finishText } from '#starter/grammar/english.ts';
import type { RandomSource } from '#starter/grammar/random-source.ts';
import { columns } from './exchange.ts';
import type { Exchange } from './exchange.ts';

/** Term (singular, with its article); what it is; a second sentence. */
const FACTS = columns(`
a telescope; an instrument that makes far things look near; people use it to watch the stars
a compass; a tool that shows where north is; sailors use it to find their way
a thermometer; a tool that measures how warm something is; you can find one in most homes
a microscope; an instrument that makes tiny things look large; it helps people study cells
a bridge; a road over water or over another road; it can be made of stone, wood or steel
a volcano; a mountain that can throw out hot rock and ash; most of them sleep for many years
an island; a piece of land with water on all sides; you reach it by boat or by plane
a river; a long stream of water that flows to a lake or to the sea; many towns lie next to one
a lake; a large body of water with land on all sides; people swim and fish there
a desert; a dry place where it rains only a few times a year; few plants can live there
a forest; a large area with many trees; it is home to many animals
a mountain; a very high piece of land; it is often cold at the top
rain; water that falls from clouds in drops; plants need it to grow
snow; frozen water that falls from clouds in white flakes; it melts when it gets warm
ice; frozen water; it is cold and hard, and it floats on water
fog; a cloud that lies close to the ground; it makes it hard to see far
wind; air that moves; it can turn a windmill
a rainbow; a bow of colours in the sky; you can see it when the sun shines on rain
thunder; the loud noise that follows lightning; it comes later because sound is slower than light
a shadow; a dark area where light cannot reach; it is long in the evening
the sun; the star at the centre of our solar system; it gives us light and heat
the moon; a ball of rock that travels around the earth; it takes about a month for one trip
a planet; a large ball that travels around a star; we live on one called earth
a star; a huge ball of hot gas that gives off light; most of them are very far away
gravity; the force that pulls things to the ground; it also keeps the moon near the earth
a magnet; a piece of metal that pulls iron towards itself; it has two ends called poles
a battery; a small box that stores electric power; it feeds phones and lamps
a computer; a machine that follows instructions and works with data; you are using one now
a program; a list of instructions for a computer; people write it in a special language
a language model; a program that predicts the next word of a text; it learns from many examples
a paper; a text in which people describe their research; other people read it and review it
a review; a text that says what someone thinks of a paper; it often ends with a recommendation
a title; the name of a book, a film or a paper; it stands at the top
a dictionary; a book that explains words; the words are sorted by their letters
a library; a place where you can read and borrow books; it should be quiet there
a museum; a building where old or rare things are shown; many people visit it at weekends
a school; a place where children learn; they read, write and count there
a hospital; a place where sick people are cared for; doctors and nurses work there
a bakery; a shop that makes and sells bread; it opens early in the morning
a market; a place where people buy and sell things; it is often held in the open air
a farm; a place where people grow plants and keep animals; our food comes from there
a garden; a piece of land with plants and flowers; some people grow food in it
a bicycle; a vehicle with two wheels and pedals; you ride it with your own legs
a train; a row of carriages that runs on rails; it carries people and goods
a boat; a vehicle that floats on water; it can have a sail or an engine
an aeroplane; a machine with wings that flies through the air; it carries people over long distances
a clock; a device that shows the time; it has two or three hands
a calendar; a table of the days and months of a year; it helps you plan
a map; a drawing of a place seen from above; it shows you where to go
a camera; a device that takes pictures; most phones have one
a lamp; a device that gives light; you switch it on when it gets dark
a key; a small piece of metal that opens a lock; keep it in a safe place
a mirror; a piece of glass that shows what stands before it; left and right look swapped in it
an umbrella; a roof on a stick that keeps the rain off; you can fold it up
a hammer; a tool for driving nails; it has a handle and a heavy head
a ladder; a set of steps that you can carry; use it on flat ground
a piano; a large instrument with black and white keys; it has strings inside
a guitar; an instrument with six strings; you play it with your fingers
a drum; an instrument that you hit with sticks or hands; it keeps the beat
a song; a short piece of music with words; people sing it together
a poem; a short text in which the sound of words matters; its lines sometimes rhyme
a story; a text about things that happen to somebody; it has a beginning and an end
bread; food made of flour, water, salt and yeast; it is baked in an oven
cheese; food made from milk; there are hundreds of kinds
butter; a yellow fat made from cream; people put it on bread
honey; a sweet food that bees make from flowers; it keeps for a very long time
salt; a white mineral that we put on food; the sea is full of it
sugar; a sweet powder made from plants; too much of it is bad for your teeth
tea; a drink made of leaves and hot water; some people add milk to it
coffee; a dark drink made from roasted beans; many people drink it in the morning
soup; hot liquid food made with vegetables or meat; you eat it with a spoon
a salad; a cold dish of leaves and vegetables; people add oil and salt to it
an apple; a round fruit that grows on trees; it can be red, green or yellow
a banana; a long yellow fruit with a soft inside; you peel it before you eat it
a lemon; a yellow fruit with sour juice; it goes with fish and tea
a carrot; a long orange root; you can eat it raw or cooked
a potato; a round root that grows under the ground; you have to cook it
rice; the small white seed of a plant; it is cooked in water
a tree; a large plant with a trunk and branches; it can live for hundreds of years
a flower; the part of a plant that makes seeds; bees visit it for its sweet juice
a seed; the part of a plant from which a new plant grows; it needs water and soil
a leaf; the flat green part of a plant; it catches the light of the sun
a bee; a small insect that makes honey; it lives with many others in a hive
a spider; a small animal with eight legs; it catches insects in its web
a whale; a very large animal that lives in the sea; it has to come up to breathe
an owl; a bird that hunts at night; it can turn its head very far
a penguin; a black and white bird that swims and cannot fly; it lives in the south of the world
a frog; a small animal that lives in water and on land; it jumps with its long back legs
a triangle; a shape with three sides; its corners add up to half a turn
a circle; a round shape; every point on it is at the same distance from the middle
a square; a shape with four equal sides; all its corners are the same
a number; a word or sign that says how many; you use it for counting
a week; a period of seven days; it begins on Monday and ends on Sunday
a year; the time the earth needs to travel around the sun; it has twelve months
a century; a period of one hundred years; few people live that long
a minute; a period of sixty seconds; an hour has sixty of them
an hour; a period of sixty minutes; a day has twenty-four of them
a friend; a person whom you know and like; friends help each other
a neighbour; a person who lives next to you; it helps to know each other
a teacher; a person who helps others to learn; most of them work in a school
a doctor; a person who cares for sick people; you see one when you are ill
a baker; a person who makes bread and cakes; the work starts at night
a farmer; a person who grows food; the work depends on the weather
`);

const ASK = ['What is', 'What is', 'Can you tell me what', 'Please explain what', 'Explain what', 'Do you know what'];

export function definition(random: RandomSource): Exchange {
  const [term = '', meaning = '', more = ''] = random.pick(FACTS);
  const ask = random.pick(ASK);
  const question = ask === 'What is' ? `what is ${term}?` : `${ask} ${term} is${/^(?:Please|Explain)/u.test(ask) ? '.' : '?'}`;
  const first = `${term} is ${meaning}.`;
  return { question: finishText(question), answer: finishText(random.chance(0.6) ? `${first} ${more}.` : first) };
}

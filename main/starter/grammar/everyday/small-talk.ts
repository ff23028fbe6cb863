/** @file Greetings, thanks, moods and questions about the model itself. */
import { finishText } from '#starter/grammar/english.ts';
import { createGrammar, expandRule } from '#starter/grammar/grammar.ts';
import type { RandomSource } from '#starter/grammar/random-source.ts';
import type { Exchange } from './exchange.ts';

const TALK = createGrammar(
  {
    greeting_q: [
      '[hello|hi|hey|good morning|good evening|good afternoon][|.|!]',
      '[hello|hi|hey], how are you[| today]?',
      'hi there[|!]',
      'how are you[| today| doing]?',
    ],
    greeting_a: [
      '[hello|hi][!|. ] [how can i help you|what can i do for you|what would you like to know][| today]?',
      '[hello|hi] there. [how can i help|what can i do for you][| today]?',
      '[hello|hi]. i am ready when you are.',
      'i am fine, thank you. [how can i help you|what can i do for you|and how are you][| today]?',
      'hello. you can ask me a question or give me the title of a paper.',
    ],
    thanks_q: [
      'thank you[|.|!]',
      'thanks[|.|!| a lot.]',
      'thank you [very much|so much|for your help].',
      'thanks, that [was all|will do].',
      'great, thanks.',
    ],
    thanks_a: [
      'you are welcome[!|.]',
      'you are welcome. [is there anything else|what else can i do for you]?',
      'any time. just ask [if you need anything else|when you have another question].',
      'my pleasure. have a good day[!|.]',
      'no problem. i am here if you need more.',
    ],
    bye_q: ['[goodbye|bye|see you][|.|!]', 'i have to go now.', 'see you [tomorrow|later|soon].', 'good night[|.|!]'],
    bye_a: [
      'goodbye[!|. ] [|have a good day.|see you soon.]',
      'see you [soon|next time][!|.]',
      'good night, and [sleep well|see you tomorrow].',
      'bye. come back any time.',
    ],
    name_q: [
      'who are you?',
      'what are you?',
      'what is your name?',
      'tell me about yourself.',
      'are you a [person|human|robot]?',
      'how big are you?',
    ],
    name_a: [
      'i am [a small language model|the starter model of Prospect], and i run on your own computer.',
      'i am the starter model of Prospect. i can answer simple questions and review papers.',
      'i am a small program that was trained on simple texts. i know only a few things.',
      'i am a small language model. i write one word after another.',
      'you can call me the starter model. i am here to be trained by you.',
    ],
    skill_q: ['what can you do?', 'how can you help me?', 'what do you know?', 'can you help me?'],
    skill_a: [
      'i can answer simple questions and review papers. give me a title or ask me something.',
      'i know a few things about animals, numbers, days and cooking. i can review papers too.',
      'ask me what something is, how to do something, or what i think of a paper.',
    ],
    place_q: ['where do you live?', 'where are you?', 'do you need the internet?', 'where do you run?'],
    place_a: ['i run on your own computer, and i need no internet.', 'i am a program on your computer, and i work without the internet.'],
    origin_q: ['who made you?', 'how were you made?', 'where do you come from?', 'how did you learn to speak?'],
    origin_a: [
      'i was made for Prospect and trained on simple texts.',
      'i was trained from scratch on texts that were written by a small set of rules.',
      'i learned from many short conversations, one word after another.',
    ],
    mood_q: [
      'i am [tired|sleepy|worn out][| today].',
      'i am [hungry|thirsty][| now].',
      'i am [bored|at home alone][| today].',
      'i am [sad|worried|nervous][| today| about tomorrow].',
      'i am [happy|in a good mood][| today].',
      'i am [cold|hot].',
      'i have a headache.',
      'i cannot sleep.',
    ],
    mood_tired: ['[take a short rest|go to bed early tonight|lie down for a while] and drink [some|a glass of] water.'],
    mood_hungry: ['[have an apple|make a sandwich|eat some bread], and drink [a glass of water|some tea].'],
    mood_bored: ['you could [read a book|go for a walk|call a friend|play a game|draw a picture] [today|for a while].'],
    mood_sad: ['i am sorry to hear that. [talk to a friend|go for a walk|take a slow breath], and give it some time.'],
    mood_happy: ['i am glad to hear that. [have a good day|have a good time][!|.]'],
    mood_headache: ['drink some water and rest in a dark room. if it does not stop, see a doctor.'],
    mood_sleepless: [
      'put your phone away, keep the room dark, and breathe slowly.',
      'read a few pages of a book, and try again when you are tired.',
    ],
  },
  [],
);

/** Which answers fit which mood, in the order of the rule `mood_q`. */
const MOODS: readonly { readonly test: RegExp; readonly answer: string }[] = [
  { test: /tired|sleepy|worn/u, answer: 'mood_tired' },
  { test: /hungry|thirsty/u, answer: 'mood_hungry' },
  { test: /bored|alone/u, answer: 'mood_bored' },
  { test: /sad|worried|nervous/u, answer: 'mood_sad' },
  { test: /happy|mood/u, answer: 'mood_happy' },
  { test: /headache/u, answer: 'mood_headache' },
  { test: /sleep/u, answer: 'mood_sleepless' },
];

function talk(name: string): (random: RandomSource) => Exchange {
  return (random) => ({
    question: finishText(expandRule(TALK, `${name}_q`, random)),
    answer: finishText(expandRule(TALK, `${name}_a`, random)),
  });
}

export const greeting = talk('greeting');
export const thanks = talk('thanks');
export const farewell = talk('bye');

const ABOUT_ITSELF = ['name', 'skill', 'place', 'origin'].map(talk);

export function aboutItself(random: RandomSource): Exchange {
  return random.pick(ABOUT_ITSELF)(random);
}

export function mood(random: RandomSource): Exchange {
  const question = expandRule(TALK, 'mood_q', random);
  if (/\bcold|\bhot/u.test(question)) {
    const isCold = question.includes('cold');
    const answer = isCold ? 'put on a warm coat and drink a cup of hot tea.' : 'open a window and drink some cold water.';
    return { question: finishText(question), answer: finishText(answer) };
  }
  const rule = MOODS.find(({ test }) => test.test(question))?.answer ?? 'mood_bored';
  return { question: finishText(question), answer: finishText(expandRule(TALK, rule, random)) };
}

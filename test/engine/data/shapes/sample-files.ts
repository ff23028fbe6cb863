/** @file Samples of files as they are found in the wild, one of each shape, made here. */
import { assistant, user } from './read.ts';

const COUNT = 8;
const rows = (make: (index: number) => Record<string, unknown>) => Array.from({ length: COUNT }, (_, index) => make(index));
const question = (index: number) => `What is the number ${index}?`;
const answer = (index: number) => `It is one more than ${index - 1}.`;
const talk = (index: number) => [user(question(index)), assistant(answer(index))];
const shareGpt = (index: number) => [
  { from: 'human', value: question(index) },
  { from: 'gpt', value: answer(index) },
];

export interface SampleFile {
  readonly values: readonly Record<string, unknown>[];
  /** The shape that a person would choose. */
  readonly shape: string;
  /** Columns whose names may be anything; the mapping then has to name the new ones or be unsure. */
  readonly columns: readonly string[];
}

export const SAMPLE_FILES: Readonly<Record<string, SampleFile>> = {
  'KTO in TRL': {
    values: rows((i) => ({ prompt: question(i), completion: answer(i), label: i % 2 === 0 })),
    shape: 'example',
    columns: ['prompt', 'completion', 'label'],
  },
  'a spreadsheet with thumbs': {
    values: rows((i) => ({
      ID: String(i),
      Question: question(i),
      'Bot Answer': answer(i),
      Thumbs: i % 3 === 0 ? '👎' : '👍',
      Date: '2026-01-02',
    })),
    shape: 'example',
    columns: ['Question', 'Bot Answer', 'Thumbs'],
  },
  'a chat log with votes, most rows without': {
    values: rows((i) => ({ user_message: question(i), model_response: answer(i), vote: ['up', '', 'down', ''][i % 4] })),
    shape: 'example',
    columns: ['user_message', 'model_response', 'vote'],
  },
  'a chat log with stars': {
    values: rows((i) => ({ query: question(i), reply: answer(i), stars: String((i % 5) + 1) })),
    shape: 'example',
    columns: ['query', 'reply', 'stars'],
  },
  'KTO in LLaMA-Factory (alpaca)': {
    values: rows((i) => ({
      instruction: question(i),
      input: i % 2 === 0 ? '' : 'Count with care.',
      output: answer(i),
      kto_tag: i % 3 === 0,
    })),
    shape: 'example',
    columns: ['instruction', 'output', 'kto_tag'],
  },
  'KTO in LLaMA-Factory (sharegpt)': {
    values: rows((i) => ({ conversations: shareGpt(i), kto_tag: i % 3 === 0 })),
    shape: 'messages-example',
    columns: ['conversations', 'kto_tag'],
  },
  'messages with a label': {
    values: rows((i) => ({ messages: talk(i), label: i % 2 === 0 })),
    shape: 'messages-example',
    columns: ['messages', 'label'],
  },
  'messages as JSON in a table': {
    values: rows((i) => ({ chat: JSON.stringify(talk(i)), feedback: i % 2 === 0 ? 'positive' : 'negative' })),
    shape: 'messages-example',
    columns: ['chat', 'feedback'],
  },
  'chats with rated messages': {
    values: rows((i) => ({
      id: `c${i}`,
      messages: [user(question(i)), { ...assistant(answer(i)), annotation: { rating: i % 2 === 0 ? 1 : -1 } }],
    })),
    shape: 'rated-messages',
    columns: ['messages'],
  },
  'DPO in TRL': {
    values: rows((i) => ({ prompt: question(i), chosen: answer(i), rejected: `I am not sure about ${i}.` })),
    shape: 'pair',
    columns: ['prompt', 'chosen', 'rejected'],
  },
  'DPO in LLaMA-Factory (alpaca)': {
    values: rows((i) => ({
      instruction: question(i),
      input: i % 2 === 0 ? '' : 'Count.',
      chosen: answer(i),
      rejected: `Not sure about ${i}.`,
    })),
    shape: 'pair',
    columns: ['instruction', 'chosen', 'rejected'],
  },
  'DPO in LLaMA-Factory (sharegpt)': {
    values: rows((i) => ({
      conversations: shareGpt(i).slice(0, 1),
      chosen: { from: 'gpt', value: answer(i) },
      rejected: { from: 'gpt', value: 'No.' },
    })),
    shape: 'pair',
    columns: ['conversations', 'chosen', 'rejected'],
  },
  'UltraFeedback, binarized': {
    values: rows((i) => ({
      prompt: question(i),
      prompt_id: `f${i}`,
      chosen: talk(i),
      rejected: [user(question(i)), assistant('No idea at all.')],
      messages: talk(i),
      score_chosen: 8 + (i % 2),
      score_rejected: 3 + (i % 4),
    })),
    shape: 'pair',
    columns: ['prompt', 'chosen', 'rejected'],
  },
  'Orca pairs with a system': {
    values: rows((i) => ({ system: 'Be kind.', question: question(i), chosen: answer(i), rejected: 'No idea at all.' })),
    shape: 'pair',
    columns: ['question', 'chosen', 'rejected'],
  },
  'hh-rlhf': {
    values: rows((i) => {
      const start = `\n\nHuman: ${question(i)}\n\nAssistant:`;
      return { chosen: `${start} ${answer(i)}`, rejected: `${start} No idea.` };
    }),
    shape: 'transcript-pair',
    columns: ['chosen', 'rejected'],
  },
  arena: {
    values: rows((i) => ({
      question_id: `q${i}`,
      model_a: 'first-model',
      model_b: 'second-model',
      winner: ['model_a', 'model_b', 'tie', 'tie (bothbad)'][i % 4],
      conversation_a: talk(i),
      conversation_b: [user(question(i)), assistant('No idea.')],
    })),
    shape: 'choice',
    columns: ['winner', 'conversation_a', 'conversation_b'],
  },
  'Argilla, a rating': {
    values: rows((i) => ({
      id: `r${i}`,
      fields: { prompt: question(i), response: answer(i) },
      metadata: {},
      suggestions: {},
      responses: { quality: [{ value: i % 2 === 0 ? 'good' : 'bad', user_id: 'u1' }] },
      vectors: {},
      _server_id: `s${i}`,
    })),
    shape: 'example',
    columns: [],
  },
  'Argilla, flattened': {
    values: rows((i) => ({
      id: `r${i}`,
      status: 'completed',
      prompt: question(i),
      response: answer(i),
      'quality.responses': [(i % 5) + 1, (i % 5) + 1],
      'quality.responses.users': ['u1', 'u2'],
      'quality.responses.status': ['submitted', 'submitted'],
    })),
    shape: 'example',
    columns: ['prompt', 'response'],
  },
  'Argilla, a preference': {
    values: rows((i) => ({
      id: `r${i}`,
      fields: { prompt: question(i), 'response-1': answer(i), 'response-2': 'No idea at all.' },
      responses: { preference: [{ value: i % 2 === 0 ? 'response-1' : 'response-2', user_id: 'u1' }] },
    })),
    shape: 'choice',
    columns: [],
  },
  UltraFeedback: {
    values: rows((i) => ({
      source: 'a',
      instruction: question(i),
      completions: [
        { model: 'm1', response: answer(i), overall_score: 8.5, critique: 'Well done, all in all.' },
        { model: 'm2', response: 'No idea at all.', overall_score: 2 + (i % 3), critique: 'Not so good, all in all.' },
      ],
    })),
    shape: 'rated-answers',
    columns: ['instruction', 'completions'],
  },
  distilabel: {
    values: rows((i) => ({ instruction: question(i), generations: [answer(i), 'No idea at all.'], ratings: [5, (i % 4) + 1] })),
    shape: 'rated-answers',
    columns: ['instruction', 'generations', 'ratings'],
  },
  'token ids with labels': {
    values: rows((i) => ({ prompt_ids: [1, i], completion_ids: [7, i, 2], label: i % 2 === 0 })),
    shape: 'token-example',
    columns: ['prompt_ids', 'completion_ids', 'label'],
  },
  'Open WebUI': {
    values: rows((i) => ({
      id: `f${i}`,
      type: 'rating',
      data: { rating: i % 2 === 0 ? 1 : -1, model_id: 'm' },
      meta: { message_id: 'a1', chat_id: 'c' },
      snapshot: {
        chat: {
          id: 'c',
          chat: {
            title: 't',
            messages: [],
            history: {
              currentId: 'a1',
              messages: {
                q1: { id: 'q1', parentId: null, role: 'user', content: question(i) },
                a1: { id: 'a1', parentId: 'q1', role: 'assistant', content: answer(i) },
              },
            },
          },
        },
      },
    })),
    shape: 'open-webui',
    columns: [],
  },
};

/** @file What the Chat step says. */
import { counted, formatCount } from './numbers.ts';

export const chatWords = {
  loading: 'Loading the conversations',
  loadingOne: 'Loading the conversation',
  empty: {
    title: 'Talk to what you trained',
    about: 'Ask the base model and your adapters the same thing, side by side. A thumb on an answer becomes a row to train on.',
    start: 'Start a conversation',
  },

  list: {
    label: 'Conversation',
    untitled: 'New conversation',
    new: 'New',
    newLabel: 'New conversation',
    more: 'What to do with this conversation',
    rename: 'Rename…',
    delete: 'Delete…',
  },
  rename: { title: 'Rename this conversation', name: 'Name', save: 'Rename' },
  remove: {
    title: (name: string): string => `Delete “${name}”?`,
    text: 'Its questions and answers are deleted. Rows that became of your thumbs stay in the feedback dataset.',
    confirm: 'Delete conversation',
  },

  model: {
    open: (name: string): string => `Open ${name}`,
    openAgain: (name: string): string => `Open ${name} again`,
    closedNote: 'The model is loaded into memory by llama.cpp. At its first use it is converted and checked, which takes a moment.',
    training: (name: string): string => `${name} is being trained. A model that is opened now takes memory and time from it.`,
    opening: 'The model is being opened…',
    gone: (name: string): string => `The folder of ${name} is not there any more.`,
    none: 'No adapter of this project says which model it was made for.',
    facts: (name: string, device: string, weights: string, context: number): string =>
      `${name} · ${device} · ${weights} · ${formatCount(context)} tokens`,
    noTemplate: 'This model has no chat template: it goes on with your text as it is, and remembers nothing of what was said before.',
  },

  panes: {
    label: 'Models side by side',
    pane: (number: number): string => `Model ${number}`,
    base: 'Base model',
    add: 'Add a model',
    remove: (name: string): string => `Take ${name} away`,
    otherModel: (name: string, model: string): string => `${name} (for ${model})`,
    deleted: 'Deleted adapter',
    checking: 'Comparing with the base model…',
    nothing: 'This adapter changes nothing',
    nothingNote: (tokens: number): string =>
      `On ${counted(tokens, 'token', 'tokens')} of fixed texts it says exactly what the base model says. It was not trained, or its run did not change it.`,
    hardly: 'This adapter hardly changes anything',
    something: 'Differs from the base model',
    gap: (gap: number, tokens: number): string =>
      `On ${counted(tokens, 'token', 'tokens')} of fixed texts, log-probabilities differ by up to ${gap < 0.01 ? gap.toExponential(1) : gap.toFixed(2)} nats.`,
  },

  talk: {
    label: 'What was said',
    first: 'Ask something. All models above answer it.',
    question: 'Question',
    answerOf: (speaker: string): string => `Answer of ${speaker}`,
    waiting: 'Thinking…',
    edit: 'Edit',
    editLabel: 'Edit this question',
    editNote: 'What was said after it is removed.',
    editSend: 'Ask again',
    cancel: 'Cancel',
    copy: 'Copy',
    copied: 'Copied',
    copyLabel: (speaker: string): string => `Copy the answer of ${speaker}`,
    again: 'Again',
    againLabel: (speaker: string): string => `Let ${speaker} answer again`,
    againAll: 'All again',
    speed: (tokensPerSecond: number): string =>
      `${tokensPerSecond < 10 ? tokensPerSecond.toFixed(1) : formatCount(Math.round(tokensPerSecond))} tokens/s`,
    tokens: (tokens: number): string => counted(tokens, 'token', 'tokens'),
    seed: (seed: number): string => `seed ${seed}`,
    stopped: 'stopped',
    cut: (max: number): string => `Cut off after ${counted(max, 'token', 'tokens')} (max_new_tokens).`,
    full: 'Cut off: the context is full. Begin a new conversation, or choose a larger context.',
    dropped: (messages: number): string =>
      `The oldest ${counted(messages, 'message', 'messages')} no longer fit the context and ${messages === 1 ? 'was' : 'were'} left out.`,
    nothing: 'It said nothing.',
    writing: (count: number): string => (count === 1 ? 'An answer is being written.' : `${count} answers are being written.`),
    done: (count: number): string => (count === 1 ? 'The answer is there.' : `${count} answers are there.`),
  },

  composer: {
    label: 'Your question',
    placeholder: 'Ask all models · Enter sends, Shift+Enter begins a new line',
    closed: 'Open the model to ask something',
    send: 'Send',
    stop: 'Stop',
    stopNote: 'Esc',
  },

  votes: {
    up: (speaker: string): string => `Good answer of ${speaker}`,
    down: (speaker: string): string => `Bad answer of ${speaker}`,
    reason: 'Why? (optional)',
    save: 'Save',
    because: (reason: string): string => `“${reason}”`,
  },
  feedback: {
    label: 'Feedback',
    none: 'Thumbs on answers become rows to train on.',
    rows: (rows: number): string => counted(rows, 'row of feedback', 'rows of feedback'),
    labels: (desirable: number, undesirable: number): string =>
      `${formatCount(desirable)} desirable, ${formatCount(undesirable)} undesirable`,
    train: 'Train on feedback',
  },
  train: {
    title: 'Train on feedback',
    about: (name: string, rows: number): string =>
      `The next run learns from the ${counted(rows, 'row', 'rows')} of “${name}” with KTO. You see its settings before it starts.`,
    oneLabel: 'All rows have the same label. KTO learns more from both kinds: give some thumbs the other way, too.',
    goOn: (name: string): string => `Go on from ${name} instead of a fresh adapter`,
    goOnNote: 'What it learned stays, and the new run is held close to it.',
    go: 'To the settings',
  },

  sheet: {
    open: 'Settings',
    title: 'How it answers',
    system: 'System prompt',
    systemNote: 'Said to all models before everything else.',
    sampling: 'Sampling',
    reset: 'Defaults',
    seedNote: 'Empty: another one each time.',
    notes: {
      temperature: 'How freely words are chosen; 0 always takes the most likely one.',
      top_p: 'Only the most likely tokens that together have this probability; 1 for all.',
      top_k: 'Only so many of the most likely tokens; 0 for all.',
      min_p: 'Only tokens with this share of the most likely one’s probability; 0 for all.',
      repetition_penalty: 'Above 1, words that were there before become less likely.',
      max_new_tokens: 'Where an answer is cut off.',
      seed: 'The same seed gives the same answer. Empty: another one each time.',
    },
    memory: 'Model in memory',
    weights: 'Weights',
    weightsNotes: { Q8_0: 'Half the memory, rounded a little.', F16: 'As exact as 16 bits are.' },
    processorOnly: 'Compute on the processor only',
    context: 'Context',
    contextNote: 'Tokens of a conversation that the model sees. Empty: the model’s own, at most 4,096.',
    baseModel: 'Base model',
    countsLater: 'These count when the model is opened.',
    reopen: 'Open it again with these',
    unload: 'Unload the model',
    notesTitle: 'About this model',
  },
} as const;

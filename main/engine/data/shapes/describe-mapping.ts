/** @file Says in one sentence what a mapping does. */
import type { ColumnMapping } from './column-mapping.ts';
import type { LabelMapping, LabelReading } from './label-mapping.ts';

/** For people: which column becomes what, and how the label is read. */
export function describeMapping(mapping: ColumnMapping): string {
  switch (mapping.shape) {
    case 'standard':
      return 'Each row is read by those of the columns `prompt`, `completion`, `label`, `chosen`, `rejected`, `messages` … that it fills.';
    case 'example':
      return `${describePrompt(mapping)}, \`${mapping.completion}\` is the answer, and ${describeLabel(mapping.label)}.`;
    case 'pair': {
      const answers = `\`${mapping.chosen}\` is the preferred answer and \`${mapping.rejected}\` the rejected one`;
      return mapping.prompt === null && mapping.input === null && mapping.history === null
        ? `What \`${mapping.chosen}\` and \`${mapping.rejected}\` share at the beginning is the prompt, and ${answers}.`
        : `${describePrompt(mapping)}, ${answers}.`;
    }
    case 'transcript-pair':
      return `\`${mapping.chosen}\` and \`${mapping.rejected}\` are transcripts whose last turns are the preferred and the rejected answer.`;
    case 'messages-example':
      return `The last message of the assistant in \`${mapping.messages}\` is the answer, and ${describeLabel(mapping.label)}.`;
    case 'rated-messages':
      return `Each rated message of the assistant in \`${mapping.messages}\` is an answer, and ${describeLabel(mapping.label)}.`;
    case 'choice': {
      const { column, first, second } = mapping.choice;
      const sides = `\`${mapping.first}\` if it is ${list(first)}, \`${mapping.second}\` if it is ${list(second)}`;
      const hasPrompt = mapping.prompt !== null || mapping.input !== null || mapping.history !== null;
      const prompt = hasPrompt ? describePrompt(mapping) : 'What the answers share at the beginning is the prompt';
      return `${prompt}, and \`${column}\` names the better answer: ${sides}.`;
    }
    case 'rated-answers': {
      const score = mapping.score.from === 'answer' ? mapping.score.path : mapping.score.column;
      return `${describePrompt(mapping)}, and ${describeGive(mapping.give, mapping.answers, score)}.`;
    }
    case 'token-example':
      return `\`${mapping.prompt}\` and \`${mapping.completion}\` are the token ids of prompt and answer, and ${describeLabel(mapping.label)}.`;
    case 'token-pair':
      return `\`${mapping.chosen}\` and \`${mapping.rejected}\` are the token ids of the preferred and the rejected answer.`;
    case 'open-webui':
      return `The rated message of each chat is the answer, and ${describeLabel(mapping.label)}.`;
    default:
      return mapping satisfies never;
  }
}

type PromptSide = Extract<ColumnMapping, { readonly history: string | null }>;

function describePrompt({ prompt, input, system, history, texts }: PromptSide): string {
  const parts = [prompt, input].filter((column) => column !== null).map((column) => `\`${column}\``);
  const context = [system, history].filter((column) => column !== null).map((column) => `\`${column}\``);
  const behind = context.length === 0 ? '' : ` behind ${context.join(' and ')}`;
  const chat = texts === 'chat' ? ' as chat messages' : '';
  if (parts.length === 0) return context.length === 0 ? 'There is no prompt' : `${context.join(' and ')} stand before the answer`;
  return `${parts.join(' and ')} ${parts.length === 1 ? 'is' : 'are'} the prompt${behind}${chat}`;
}

function describeLabel({ column, reading, unrated, several }: LabelMapping): string {
  const rows = unrated === 'leave-out' ? '; rows without it are left out' : '';
  const votes =
    several === 'refuse'
      ? ''
      : reading.kind === 'rating'
        ? '; of several ratings the mean counts'
        : '; of several votes the majority counts';
  return `\`${column}\` says whether it is desirable: ${describeReading(reading)}${votes}${rows}`;
}

function describeReading(reading: LabelReading): string {
  switch (reading.kind) {
    case 'boolean':
      return 'true is, false is not';
    case 'values': {
      const ignored = reading.ignored.length > 0 ? `, ${list(reading.ignored)} is left out` : '';
      return `${list(reading.desirable)} is, ${list(reading.undesirable)} is not${ignored}`;
    }
    case 'rating':
      return `from ${reading.desirableFrom} on it is, up to ${reading.undesirableTo} it is not, the rest is left out`;
    default:
      return reading satisfies never;
  }
}

function describeGive(give: Extract<ColumnMapping, { shape: 'rated-answers' }>['give'], answers: string, score: string): string {
  if (give.as === 'examples') {
    return `each of \`${answers}\` is desirable from \`${score}\` ${give.desirableFrom} on and undesirable up to ${give.undesirableTo}`;
  }
  return `of \`${answers}\` those with the best and the worst \`${score}\` make a pair (${give.better} is better)`;
}

function list(values: readonly string[]): string {
  return values.length === 0 ? 'nothing' : values.map((value) => JSON.stringify(value)).join(' or ');
}

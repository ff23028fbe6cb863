/** @file Chat templates against transformers' Jinja (test/golden/generators/chat_templates.py), and which template applies. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FormatError } from '#contract/errors.ts';
import type { JsonValue, Message } from '#engine/data/row.ts';
import { compileChatTemplate } from '#engine/text/chat-template.ts';
import { createTokenizer } from '#engine/text/tokenizer.ts';
import { goldenTokenizer, goldenTokenizerSource } from '#test/support/golden-tokenizer.ts';

interface Golden {
  templates: Record<string, string>;
  tools: JsonValue[];
  conversations: Message[][];
  cases: {
    template: string;
    conversation: number;
    tools: boolean;
    prompt: boolean;
    more: Record<string, JsonValue>;
    rendered: string | null;
  }[];
}
const golden = JSON.parse(readFileSync(new URL('../../golden/chat-templates.json', import.meta.url), 'utf8')) as Golden;
const clock = () => new Date(2024, 2, 5, 14, 7, 9);

describe.each(Object.keys(golden.templates))('the %s template', (name) => {
  const render = compileChatTemplate(golden.templates[name] as string, name, clock);
  const cases = golden.cases.filter((test) => test.template === name);
  const run = (test: Golden['cases'][number]) =>
    render({
      messages: golden.conversations[test.conversation] as Message[],
      tools: test.tools ? golden.tools : null,
      addGenerationPrompt: test.prompt,
      others: { bos_token: '<s>', eos_token: '</s>', ...test.more },
    });

  it.each(cases.filter((test) => test.rendered !== null))('renders conversation $conversation, tools: $tools', (test) => {
    expect(run(test)).toBe(test.rendered);
  });

  it.each(cases.filter((test) => test.rendered === null))('refuses conversation $conversation, tools: $tools', (test) => {
    expect(() => run(test)).toThrow(FormatError);
  });
});

describe('a chat template', () => {
  it('that is not valid Jinja is refused when it is read', () => {
    expect(() => compileChatTemplate('{% for %}', 'the chat template of x', clock)).toThrow(
      /^the chat template of x is not a chat template that can be read: /u,
    );
  });

  it('refuses in the words of its author', () => {
    const render = compileChatTemplate("{{ raise_exception('Only users!') }}", 'the chat template of x', clock);
    expect(() => render({ messages: [], tools: null, addGenerationPrompt: false, others: {} })).toThrow(
      'the chat template of x refuses this conversation: Only users!',
    );
  });

  const source = (templates: Record<string, string>, config: Record<string, unknown> = {}) => ({
    ...goldenTokenizerSource('llama2', config),
    chatTemplateFiles: templates,
  });
  const messages = [{ role: 'user', content: 'x' }];
  const write = (tokenizer: ReturnType<typeof createTokenizer>, tools: JsonValue[] | null = null) =>
    tokenizer.applyChatTemplate(messages, { addGenerationPrompt: false, tools });

  it('in a file wins over the one in the config', () => {
    expect(write(createTokenizer(source({ default: 'file' }, { chat_template: 'config' }), clock))).toBe('file');
    expect(write(createTokenizer(source({}, { chat_template: 'config' }), clock))).toBe('config');
  });

  it('for tool use applies when there are tools', () => {
    const list = [
      { name: 'default', template: 'plain' },
      { name: 'tool_use', template: 'tools' },
    ];
    const tokenizer = createTokenizer(source({}, { chat_template: list }), clock);
    expect(write(tokenizer)).toBe('plain');
    expect(write(tokenizer, [{ name: 'f' }])).toBe('tools');
  });

  it('is asked for when there is none', () => {
    const tokenizer = goldenTokenizer('llama2');
    expect(tokenizer.hasChatTemplate).toBe(false);
    expect(() => write(tokenizer)).toThrow('add a chat_template.jinja, or use plain text');
    expect(() => write(createTokenizer(source({ rag: 'x' }), clock))).toThrow('no chat template named "default" (it has rag)');
  });

  it('of the wrong type is refused', () => {
    expect(() => createTokenizer(source({}, { chat_template: 7 }), clock)).toThrow('chat_template must be a text, or a list');
    expect(() => createTokenizer(source({}, { chat_template: [{ name: 'x' }] }), clock)).toThrow(FormatError);
  });

  it('writes ids without a second BOS', () => {
    const tokenizer = goldenTokenizer('llama2', { bos_token: '<s>', chat_template: '{{ bos_token }}{{ messages[0].content }}' });
    expect([...tokenizer.encodeChat(messages, { addGenerationPrompt: false })]).toEqual([...tokenizer.encode('x')]);
  });

  it('may override a special token by a template variable', () => {
    const tokenizer = goldenTokenizer('llama2', { bos_token: '<s>', chat_template: '{{ bos_token }}' });
    expect(tokenizer.applyChatTemplate(messages, { addGenerationPrompt: false, templateKwargs: { bos_token: 'B' } })).toBe('B');
  });
});

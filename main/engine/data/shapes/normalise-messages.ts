/**
 * @file Brings the messages of other tools into the form that chat templates know: `{from, value}` (ShareGPT) becomes
 * `{role, content}`, and "human" or "gpt" become "user" and "assistant".
 */

const ROLES: Readonly<Record<string, string>> = {
  human: 'user',
  user: 'user',
  prompter: 'user',
  customer: 'user',
  gpt: 'assistant',
  assistant: 'assistant',
  ai: 'assistant',
  bot: 'assistant',
  chatbot: 'assistant',
  chatgpt: 'assistant',
  model: 'assistant',
  agent: 'assistant',
  function_call: 'assistant',
  system: 'system',
  observation: 'tool',
  tool: 'tool',
};

type Fields = Readonly<Record<string, unknown>>;

/**
 * One message or a list of them, as a list; anything else comes back as it is, for the rules of a row to refuse. Values that need
 * no change are not copied.
 */
export function normaliseMessages(value: unknown): unknown {
  if (Array.isArray(value)) return value.some(needsChange) ? value.map(normaliseMessage) : value;
  return isMessage(value) ? [normaliseMessage(value)] : value;
}

/** True for an object that says who speaks. */
export function isMessage(value: unknown): value is Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const fields = value as Fields;
  return typeof fields['role'] === 'string' || typeof fields['from'] === 'string';
}

/** Who speaks, in the words of chat templates; null if that is none of them. */
export function speakerOf(message: Fields): string | null {
  const name = typeof message['role'] === 'string' ? message['role'] : message['from'];
  return typeof name === 'string' ? (roleOf(name) ?? null) : null;
}

function needsChange(message: unknown): boolean {
  if (!isMessage(message)) return false;
  const role = message['role'];
  return typeof role !== 'string' || (roleOf(role) ?? role) !== role;
}

function normaliseMessage(message: unknown): unknown {
  if (!isMessage(message)) return message;
  const { from, value, ...rest } = message;
  if (typeof rest['role'] === 'string') return { ...message, role: roleOf(rest['role']) ?? rest['role'] };
  const speaker = from as string;
  const normalised = { ...rest, role: roleOf(speaker) ?? speaker, content: value ?? rest['content'] };
  return speaker === 'function_call' ? withToolCall(normalised) : normalised;
}

/** ShareGPT writes a call as a JSON text; a template wants it as data. A text that is no call stays a text. */
function withToolCall(message: Fields): Fields {
  const call = typeof message['content'] === 'string' ? parseObject(message['content']) : null;
  if (call === null || typeof call['name'] !== 'string') return message;
  const { name, arguments: given } = call;
  return { ...message, content: null, tool_calls: [{ type: 'function', function: { name, arguments: given ?? {} } }] };
}

function parseObject(text: string): Fields | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
  } catch {
    return null;
  }
}

function roleOf(name: string): string | undefined {
  const role = name.toLowerCase();
  return Object.hasOwn(ROLES, role) ? ROLES[role] : undefined;
}

/**
 * @file Finds the conversation up to the rated message in a feedback object of Open WebUI. A chat is a tree: regenerated and
 * parallel answers are siblings, so that only the way from the rated message back to the root is what its author saw.
 * @see https://github.com/open-webui/open-webui (models/feedbacks.py: data, meta, snapshot)
 */
import { describeValue, rowError } from '#engine/data/row-place.ts';
import type { RowPlace } from '#engine/data/row-place.ts';
import type { Fields } from './column-path.ts';

/**
 * Messages with `role` and `content`, the rated one last, a system's prompt of the chat first.
 * @throws {ImportError} if the snapshot has no such message
 */
export function openWebuiConversation(fields: Fields, place: RowPlace): readonly unknown[] {
  const chat = findChat(fields, place);
  const path = findPath(chat, asFields(fields['meta']), place);
  const messages = path.map((message) => toMessage(message, place));
  const system = asFields(chat['params'])['system'] ?? chat['system'];
  const hasSystem = messages.some(({ role }) => role === 'system');
  return typeof system === 'string' && system.trim() !== '' && !hasSystem ? [{ role: 'system', content: system }, ...messages] : messages;
}

/** The snapshot wraps the chat's own JSON in the row of the database; older ones leave a layer out. */
function findChat(fields: Fields, place: RowPlace): Fields {
  const snapshot = asFields(fields['snapshot']);
  const row = asFields(snapshot['chat']);
  const layers = [asFields(row['chat']), row, snapshot];
  const chat = layers.find((layer) => 'history' in layer || Array.isArray(layer['messages']));
  if (chat !== undefined) return chat;
  const advice = 'Export the feedback with its chats (Admin Panel, Evaluations, Feedback, Export), or skip the row.';
  throw rowError(place, 'snapshot', 'has no conversation in `snapshot`', advice);
}

function findPath(chat: Fields, meta: Fields, place: RowPlace): readonly Fields[] {
  const history = asFields(chat['history']);
  const list = Object.values(asFields(history['messages'])).map(asFields);
  const flat = Array.isArray(chat['messages']) ? chat['messages'].map(asFields) : [];
  const id = meta['message_id'] ?? history['currentId'];
  const inTree = walkUp(list, id, place);
  if (inTree.length > 0) return inTree;
  const index = flat.findIndex((message) => message['id'] === id);
  if (index !== -1 && id !== undefined && id !== null) {
    const linked = walkUp(flat, id, place);
    return linked.length > 1 ? linked : flat.slice(0, index + 1);
  }
  throw rowError(place, 'meta.message_id', `rates a message (${describeValue(id)}) that is not in its \`snapshot\``);
}

function walkUp(messages: readonly Fields[], id: unknown, place: RowPlace): readonly Fields[] {
  const byId = new Map(messages.map((message) => [message['id'], message]));
  const path: Fields[] = [];
  if (id === undefined || id === null) return path;
  for (let message = byId.get(id); message !== undefined; message = byId.get(message['parentId'])) {
    if (path.length > byId.size) throw rowError(place, 'snapshot', 'has messages in `snapshot` that are their own parents');
    path.unshift(message);
    if (message['parentId'] === null || message['parentId'] === undefined) break;
  }
  return path;
}

function toMessage({ role, content, files }: Fields, place: RowPlace): { readonly role: unknown; readonly content: unknown } {
  const hasImage = Array.isArray(files) && files.some((file) => asFields(file)['type'] === 'image');
  if (hasImage) throw rowError(place, 'snapshot', 'has an image in its conversation', 'Only text can be trained on; skip the row.');
  return { role, content };
}

function asFields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

/** @file A conversation as it is now: what main keeps of it, and what is being written, as it comes. */
import { useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import type { ChatAnswer, ChatDetails } from '#contract/chats.ts';
import type { AppError } from '#contract/errors.ts';
import type { EventPayload } from '#contract/index.ts';
import { useRequest, useTold } from '#renderer/api/hooks.ts';

type Piece = EventPayload<'chats.streamed'>['pieces'][number];

export function useChat(chatId: number): UseQueryResult<ChatDetails, AppError> {
  const queries = useQueryClient();
  const queryKey = ['chats.get', { chatId }];
  useTold('chats.streamed', (told) => {
    if (told.chatId !== chatId) return;
    let isTorn = false;
    queries.setQueryData<ChatDetails>(queryKey, (chat) => {
      if (!chat) return chat;
      const { next, torn } = withPieces(chat, told.pieces);
      isTorn = torn;
      return next;
    });
    // Something between was missed: main knows the whole.
    if (isTorn) void queries.invalidateQueries({ queryKey });
  });
  return useRequest('chats.get', { chatId });
}

/** Pieces say where they belong, so that one that main's last answer held already is not there twice. */
export function withPieces(chat: ChatDetails, pieces: readonly Piece[]): { readonly next: ChatDetails; readonly torn: boolean } {
  let torn = false;
  const grow = (turn: number, answer: ChatAnswer): ChatAnswer => {
    // An answer is in the turn after its question.
    const piece = pieces.find((one) => one.turn === turn + 1 && one.pane === answer.pane);
    if (!piece || answer.state !== 'writing') return answer;
    torn ||= piece.from > answer.text.length;
    const text = answer.text.slice(0, piece.from) + piece.text;
    return text.length > answer.text.length ? { ...answer, text } : answer;
  };
  const turns = chat.turns.map((turn) => ({ ...turn, answers: turn.answers.map((answer) => grow(turn.turn, answer)) }));
  return { next: { ...chat, turns }, torn };
}

/** @file The line that is said to all models: Enter sends, Shift+Enter begins a new line, Esc stops what is being written. */
import { Button, Group, Kbd, Textarea } from '@mantine/core';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useSend } from '#renderer/api/hooks.ts';
import { Problem } from '#renderer/components/problem.tsx';
import { chatWords } from '#renderer/words/chat.ts';

const words = chatWords.composer;

export interface ComposerProps {
  readonly chatId: number;
  readonly isOpen: boolean;
  readonly isWriting: boolean;
}

export function Composer({ chatId, isOpen, isWriting }: ComposerProps) {
  const [text, setText] = useState('');
  const input = useRef<HTMLTextAreaElement>(null);
  const ask = useSend('chats.ask');
  const { mutate: stop } = useSend('chats.stop');
  useEscape(
    isWriting,
    useCallback(() => stop({ chatId }), [stop, chatId]),
  );
  const canSend = isOpen && !isWriting && !ask.isPending && text.trim() !== '';
  const send = (): void => {
    if (!canSend) return;
    // What could not be asked is not lost.
    ask.mutate({ chatId, text }, { onSuccess: () => setText((now) => (now === text ? '' : now)) });
    input.current?.focus();
  };
  return (
    <>
      {ask.error ? <Problem error={ask.error} /> : null}
      <Group gap="xs" wrap="nowrap" align="flex-end">
        <Textarea
          ref={input}
          flex={1}
          autosize
          minRows={1}
          maxRows={6}
          aria-label={words.label}
          placeholder={isOpen ? words.placeholder : words.closed}
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
          onKeyDown={(event) => {
            // Enter also ends the choice of a character in some scripts.
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            send();
          }}
        />
        {isWriting ? (
          <Button variant="light" color="red" onClick={() => stop({ chatId })} rightSection={<Kbd size="xs">{words.stopNote}</Kbd>}>
            {words.stop}
          </Button>
        ) : (
          <Button onClick={send} disabled={!canSend} loading={ask.isPending}>
            {words.send}
          </Button>
        )}
      </Group>
    </>
  );
}

/** Wherever the focus is: what is written runs away from whoever has to look for a button first. */
function useEscape(isActive: boolean, onEscape: () => void): void {
  useEffect(() => {
    if (!isActive) return undefined;
    const onKey = ({ key, defaultPrevented }: KeyboardEvent): void => {
      if (key === 'Escape' && !defaultPrevented) onEscape();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [isActive, onEscape]);
}

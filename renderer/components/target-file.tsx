/** @file Where a file is to be written: by the system's dialog where there is one, which asks by itself about a file that is there; or by its path. */
import { Button, Group, TextInput } from '@mantine/core';
import type { FormEvent } from 'react';
import { useClient, useSend } from '#renderer/api/hooks.ts';

export interface TargetFileProps {
  readonly words: {
    readonly choose: string;
    /** The path's label where there is a dialog, and where there is none. */
    readonly orPath: string;
    readonly path: string;
    readonly placeholder: (fileName: string) => string;
    readonly start: string;
  };
  /** Proposed. */
  readonly fileName: string;
  readonly typed: string;
  readonly isBusy: boolean;
  readonly onTyped: (path: string) => void;
  /** @param isAskedAbout - the dialog has asked whether a file that is there may be replaced */
  readonly onPath: (path: string, isAskedAbout: boolean) => void;
}

export function TargetFile({ words, fileName, typed, isBusy, onTyped, onPath }: TargetFileProps) {
  const { host } = useClient();
  const pick = useSend('files.pickTarget');
  const choose = (): void =>
    pick.mutate({ fileName }, { onSuccess: ({ paths: [picked] }) => picked !== undefined && onPath(picked, true) });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onPath(typed.trim(), false);
  };
  return (
    <Group align="flex-end" gap="sm" wrap="nowrap">
      {host === 'electron' ? (
        <Button size="xs" onClick={choose} loading={pick.isPending || isBusy}>
          {words.choose}
        </Button>
      ) : null}
      <Group component="form" onSubmit={submit} align="flex-end" gap="xs" flex={1} wrap="nowrap">
        <TextInput
          flex={1}
          size="xs"
          label={host === 'electron' ? words.orPath : words.path}
          placeholder={words.placeholder(fileName)}
          value={typed}
          onChange={({ currentTarget }) => onTyped(currentTarget.value)}
        />
        <Button
          type="submit"
          size="xs"
          variant={host === 'electron' ? 'default' : 'filled'}
          loading={isBusy}
          disabled={typed.trim() === ''}
        >
          {words.start}
        </Button>
      </Group>
    </Group>
  );
}

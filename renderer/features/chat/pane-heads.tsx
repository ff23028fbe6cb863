/** @file The models side by side: which they are, whether an adapter changes anything, and one more or one less. */
import { Button, CloseButton, Group, NativeSelect, Text, Tooltip } from '@mantine/core';
import type { AdapterSummary } from '#contract/adapters.ts';
import { MOST_PANES, type ChatDetails } from '#contract/chats.ts';
import type { Playground } from '#contract/playground.ts';
import { useRequest, useSend } from '#renderer/api/hooks.ts';
import { Problem } from '#renderer/components/problem.tsx';
import { chatWords } from '#renderer/words/chat.ts';
import classes from './chat.module.css';
import { PaneCheck } from './pane-check.tsx';

const words = chatWords.panes;
/** Of a select: the base model. */
const BASE = '';

export interface PaneHeadsProps {
  readonly chat: ChatDetails;
  readonly playground: Playground;
  readonly isWriting: boolean;
}

export function PaneHeads({ chat: { id: chatId, projectId, settings }, playground, isWriting }: PaneHeadsProps) {
  const { data: adapters = [] } = useRequest('adapters.list', { projectId });
  const configure = useSend('chats.configure');
  const { panes } = settings;
  const set = (next: readonly (number | null)[]): void => configure.mutate({ chatId, changes: { panes: [...next] } });
  const unused = [...adapters.map(({ id }) => id), null].find((id) => !panes.includes(id));
  return (
    <>
      <Group gap="xs" wrap="nowrap" align="flex-start" role="group" aria-label={words.label}>
        <div className={classes['columns']} style={{ '--panes': panes.length } as React.CSSProperties}>
          {panes.map((adapterId, pane) => (
            <div key={pane} className={classes['head']}>
              <ModelChoice
                label={words.pane(pane + 1)}
                adapterId={adapterId}
                adapters={adapters}
                playground={playground}
                isWriting={isWriting}
                onChoose={(chosen) => set(panes.with(pane, chosen))}
                onRemove={panes.length > 1 ? () => set(panes.toSpliced(pane, 1)) : null}
              />
              {adapterId !== null && playground.open ? (
                <PaneCheck projectId={projectId} adapterId={adapterId} open={playground.open} />
              ) : null}
            </div>
          ))}
        </div>
        {panes.length < MOST_PANES && unused !== undefined ? (
          <Tooltip label={words.add}>
            <Button size="xs" variant="subtle" px={8} aria-label={words.add} disabled={isWriting} onClick={() => set([...panes, unused])}>
              +
            </Button>
          </Tooltip>
        ) : null}
      </Group>
      {configure.error ? <Problem error={configure.error} /> : null}
      {panes.some((id) => id !== null && adapters.length > 0 && !adapters.some((adapter) => adapter.id === id)) ? (
        <Text size="xs" c="dimmed">
          {words.deleted}
        </Text>
      ) : null}
    </>
  );
}

interface ModelChoiceProps {
  readonly label: string;
  /** Null is the base model. */
  readonly adapterId: number | null;
  readonly adapters: readonly AdapterSummary[];
  readonly playground: Playground;
  readonly isWriting: boolean;
  readonly onChoose: (adapterId: number | null) => void;
  /** Null for the only pane. */
  readonly onRemove: (() => void) | null;
}

function ModelChoice({ label, adapterId, adapters, playground, isWriting, onChoose, onRemove }: ModelChoiceProps) {
  return (
    <Group gap={4} wrap="nowrap">
      <NativeSelect
        size="xs"
        flex={1}
        miw={0}
        aria-label={label}
        disabled={isWriting}
        value={adapterId === null ? BASE : String(adapterId)}
        onChange={({ currentTarget: { value } }) => onChoose(value === BASE ? null : Number(value))}
        data={optionsOf(adapters, adapterId, playground)}
      />
      {onRemove ? (
        <CloseButton size="sm" aria-label={words.remove(nameOf(adapters, adapterId))} disabled={isWriting} onClick={onRemove} />
      ) : null}
    </Group>
  );
}

function optionsOf(adapters: readonly AdapterSummary[], chosen: number | null, { open, models }: Playground) {
  const model = models.find(({ id }) => id === open?.modelId)?.name;
  return [
    { value: BASE, label: words.base },
    ...(chosen !== null && !adapters.some(({ id }) => id === chosen) ? [{ value: String(chosen), label: words.deleted }] : []),
    ...adapters.map(({ id, name, modelName }) => ({
      value: String(id),
      label: model === undefined || modelName === null || modelName === model ? name : words.otherModel(name, modelName),
    })),
  ];
}

function nameOf(adapters: readonly AdapterSummary[], adapterId: number | null): string {
  return adapterId === null ? words.base : (adapters.find(({ id }) => id === adapterId)?.name ?? words.deleted);
}

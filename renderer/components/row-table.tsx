/**
 * @file A table of any number of rows, of which only those in sight exist: one line a row, chosen with the mouse or the arrow keys. Rows come
 * from a function, so that their texts can be asked for page by page.
 */
import { useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import { useId, useRef, type KeyboardEvent, type ReactNode, type RefObject } from 'react';
import { observeScaledOffset, scaleOf, scrollScaled } from './scaled-scroll.ts';
import classes from './row-table.module.css';

const ROW_HEIGHT = 30;
const HEAD_HEIGHT = 30;
/** Drawn beyond what is in sight, so that slow scrolling shows no gaps. */
const OVERSCAN = 12;

export interface RowTableColumn {
  readonly key: string;
  readonly title: string;
  /** As CSS grid tracks: `60px`, `minmax(0, 2fr)`. */
  readonly width: string;
  /** @param index - from 0; also for rows whose texts are not there yet */
  readonly cell: (index: number) => ReactNode;
}

export interface RowTableProps {
  readonly label: string;
  readonly rowCount: number;
  readonly columns: readonly RowTableColumn[];
  /** Pixels, or CSS. */
  readonly height: number | string;
  readonly chosen: number | null;
  readonly onChoose: (index: number) => void;
  /** Enter, or a double click. */
  readonly onOpen?: (index: number) => void;
  /** Which rows are in sight, or nearly. */
  readonly onRange?: ((first: number, last: number) => void) | undefined;
  /** Said of a row by a mark beside it. */
  readonly markOf?: (index: number) => 'changed' | 'deleted' | undefined;
}

export function RowTable(props: RowTableProps) {
  const { label, rowCount, columns, height, chosen, onChoose, onOpen, onRange, markOf } = props;
  const frame = useRef<HTMLDivElement>(null);
  const idPrefix = useId();
  const scale = scaleOf(HEAD_HEIGHT + rowCount * ROW_HEIGHT);
  const rows = useScaledRows({ rowCount, scale, frame, onRange });
  const template = columns.map(({ width }) => width).join(' ');
  const onKeyDown = (event: KeyboardEvent): void => {
    const page = Math.max(1, Math.floor(((rows.scrollRect?.height ?? 0) - HEAD_HEIGHT) / ROW_HEIGHT) - 1);
    const next = nextRow(event.key, { chosen, rowCount, page });
    if (next !== null) {
      event.preventDefault();
      onChoose(next);
      bringIntoSight(next, { rows, scale, frame: frame.current });
    } else if (event.key === 'Enter' && chosen !== null) onOpen?.(chosen);
  };
  return (
    <div
      ref={frame}
      role="grid"
      tabIndex={0}
      aria-label={label}
      aria-rowcount={rowCount + 1}
      aria-activedescendant={chosen === null ? undefined : `${idPrefix}-${chosen}`}
      className={classes.table}
      style={{ height }}
      onKeyDown={onKeyDown}
    >
      <div role="presentation" style={{ height: heightOf(rows, scale), position: 'relative' }}>
        <Head columns={columns} template={template} />
        {rows.getVirtualItems().map(({ index, start }) => (
          <Row
            key={index}
            id={`${idPrefix}-${index}`}
            index={index}
            top={start + shiftOf(rows, scale)}
            mark={markOf?.(index)}
            template={template}
            {...props}
          />
        ))}
      </div>
    </div>
  );
}

interface ScaledRows extends Pick<RowTableProps, 'rowCount' | 'onRange'> {
  readonly scale: number;
  readonly frame: RefObject<HTMLDivElement | null>;
}

function useScaledRows({ rowCount, scale, frame, onRange }: ScaledRows): Virtualizer<HTMLDivElement, Element> {
  return useVirtualizer({
    count: rowCount,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
    paddingStart: HEAD_HEIGHT,
    scrollPaddingStart: HEAD_HEIGHT,
    observeElementOffset: observeScaledOffset(scale),
    scrollToFn: scrollScaled(scale),
    onChange: ({ range }) => {
      if (range) onRange?.(Math.max(0, range.startIndex - OVERSCAN), Math.min(rowCount - 1, range.endIndex + OVERSCAN));
    },
  });
}

function Head({ columns, template }: Pick<RowTableProps, 'columns'> & { readonly template: string }) {
  return (
    <div role="row" aria-rowindex={1} className={classes.head} style={{ gridTemplateColumns: template, height: HEAD_HEIGHT }}>
      {columns.map(({ key, title }) => (
        <div role="columnheader" key={key} className={classes.cell}>
          {title}
        </div>
      ))}
    </div>
  );
}

interface RowProps extends Pick<RowTableProps, 'columns' | 'chosen' | 'onChoose' | 'onOpen'> {
  readonly id: string;
  readonly index: number;
  /** Pixels from the top of the element that scrolls. */
  readonly top: number;
  readonly mark: 'changed' | 'deleted' | undefined;
  readonly template: string;
}

function Row({ id, index, top, mark, template, columns, chosen, onChoose, onOpen }: RowProps) {
  return (
    <div
      id={id}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={index === chosen}
      data-mark={mark}
      className={classes.row}
      style={{ gridTemplateColumns: template, height: ROW_HEIGHT, transform: `translateY(${top}px)` }}
      onClick={() => onChoose(index)}
      onDoubleClick={() => onOpen?.(index)}
    >
      {columns.map(({ key, cell }) => (
        <div role="gridcell" key={key} className={classes.cell}>
          {cell(index)}
        </div>
      ))}
    </div>
  );
}

interface Sight {
  readonly rows: Virtualizer<HTMLDivElement, Element>;
  readonly scale: number;
  readonly frame: HTMLDivElement | null;
}

/** By as little as is needed. Not by the virtualizer, which would not go beyond the pixels that the element has. */
function bringIntoSight(index: number, { rows, scale, frame }: Sight): void {
  const offset = rows.scrollOffset ?? 0;
  const height = rows.scrollRect?.height ?? 0;
  const top = index * ROW_HEIGHT;
  const bottom = HEAD_HEIGHT + top + ROW_HEIGHT - height;
  if (top < offset) frame?.scrollTo({ top: top / scale });
  else if (bottom > offset) frame?.scrollTo({ top: bottom / scale });
}

/** So that the end of the scroll bar is the end of the rows. */
function heightOf(rows: Virtualizer<HTMLDivElement, Element>, scale: number): number {
  return rows.getTotalSize() / scale + (rows.scrollRect?.height ?? 0) * (1 - 1 / scale);
}

/** From where a row would lie to where it lies now, if the scroll bar stands for more pixels than it has. */
function shiftOf(rows: Virtualizer<HTMLDivElement, Element>, scale: number): number {
  if (scale === 1) return 0;
  const offset = rows.scrollOffset ?? 0;
  return offset / scale - offset;
}

interface Place {
  readonly chosen: number | null;
  readonly rowCount: number;
  readonly page: number;
}

/** @returns null for a key that does not move */
function nextRow(key: string, { chosen, rowCount, page }: Place): number | null {
  if (rowCount === 0) return null;
  const within = (index: number): number => Math.min(rowCount - 1, Math.max(0, index));
  switch (key) {
    case 'ArrowDown':
      return chosen === null ? 0 : within(chosen + 1);
    case 'ArrowUp':
      return within((chosen ?? 0) - 1);
    case 'PageDown':
      return within((chosen ?? 0) + page);
    case 'PageUp':
      return within((chosen ?? 0) - page);
    case 'Home':
      return 0;
    case 'End':
      return rowCount - 1;
    default:
      return null;
  }
}

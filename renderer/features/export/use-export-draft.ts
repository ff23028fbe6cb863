/** @file What is being put together for the next export: of what, as what, and where. */
import { useState } from 'react';
import type { ExportDtype, ExportForm, ExportSource, ListedExport } from '#contract/exports.ts';

export interface ExportDraft {
  readonly source: ExportSource;
  readonly form: ExportForm;
  readonly dtype: ExportDtype;
  readonly parent: string;
  readonly name: string;
  readonly chooseSource: (adapterId: number) => void;
  readonly chooseForm: (form: ExportForm) => void;
  readonly chooseDtype: (dtype: ExportDtype) => void;
  readonly chooseParent: (parent: string) => void;
  /** @param name - null for the proposed one */
  readonly chooseName: (name: string | null) => void;
}

export interface DraftParts {
  readonly projectId: number;
  /** Id of the adapter that was chosen; null: the newest. */
  readonly chosenId: number | null;
  readonly chooseSource: (adapterId: number) => void;
  /** At least one. */
  readonly sources: readonly [ExportSource, ...ExportSource[]];
  readonly made: readonly ListedExport[];
}

export function useExportDraft({ chosenId, chooseSource, sources, made }: DraftParts): ExportDraft {
  const source = sources.find(({ adapterId }) => adapterId === chosenId) ?? sources[0];
  const [form, chooseForm] = useState<ExportForm>('adapter');
  const [dtype, chooseDtype] = useState<ExportDtype>('F16');
  const [typedParent, chooseParent] = useState<string | null>(null);
  const [typedName, setName] = useState<string | null>(null);
  return {
    source,
    form,
    dtype,
    parent: typedParent ?? parentOf(made[0]?.folder ?? ''),
    name: typedName ?? proposedName(source.name, form, made),
    chooseSource,
    chooseForm: (next) => {
      chooseForm(next);
      setName(null);
    },
    chooseDtype,
    chooseParent,
    chooseName: setName,
  };
}

/** Where the last export was put. */
function parentOf(folder: string): string {
  return folder.replace(/[\\/][^\\/]*$/, '');
}

/** "KTO 3" as GGUF: `kto-3-gguf`, and `kto-3-gguf-2` beside an earlier one. */
function proposedName(source: string, form: ExportForm, made: readonly ListedExport[]): string {
  const plain = source
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60);
  const name = `${plain || 'adapter'}-${form}`;
  const taken = new Set(made.filter(({ isThere }) => isThere).map(({ folder }) => folder.split(/[\\/]/).at(-1)));
  let free = name;
  for (let number = 2; taken.has(free); number++) free = `${name}-${number}`;
  return free;
}

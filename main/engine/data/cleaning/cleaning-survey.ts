/** @file Finds duplicates, contradictions and empty answers in a dataset, and says what becomes of every row. */
import type { Row } from '#engine/data/row.ts';
import { DEFAULT_CHOICES } from './cleaning-report.ts';
import type { CleaningChoices, CleaningReport, Conflict, ConflictDecision } from './cleaning-report.ts';
import { GroupTable } from './group-table.ts';
import { RowSigns } from './row-signs.ts';
import { VERDICT_CODES, Verdicts } from './verdicts.ts';
import type { VerdictCode } from './verdicts.ts';

/** Rows or groups named one by one. */
const LISTED = 10;
const LISTED_ROWS_OF_CONFLICT = 5;
const LISTED_CONFLICTS = 200;

/**
 * Add every row (examples or pairs), then ask for the report, with other choices as often as wanted; the texts are not kept.
 * 18 bytes a row, and about 60 more while a report is made.
 */
export class CleaningSurvey {
  readonly #signs = new RowSigns();

  add(row: Row): void {
    this.#signs.add(row);
  }

  /** @param listedConflicts - how many conflicts to name one by one */
  report(choices: CleaningChoices = DEFAULT_CHOICES, listedConflicts = LISTED_CONFLICTS): CleaningReport {
    const signs = this.#signs;
    const verdicts = new Verdicts(signs.length);
    for (let index = 0; index < signs.length; index++) {
      const reason = reasonAlone(signs, index, choices);
      verdicts.set(index, reason ?? 'keep');
    }
    const groups = new GroupTable(signs, choices.compare, (index) => verdicts.isKept(index));
    const isAlone = Uint8Array.from({ length: signs.length }, (_, index) => (verdicts.isKept(index) ? 0 : 1));
    for (let index = 0; index < signs.length; index++) if (isAlone[index] === 0) judge(index, { signs, groups, choices, verdicts });
    return {
      verdicts,
      ...summary(signs, verdicts),
      ...conflictsOf({ signs, groups, choices, isAlone, listed: listedConflicts }),
    };
  }
}

interface Findings {
  readonly signs: RowSigns;
  readonly groups: GroupTable;
  readonly choices: CleaningChoices;
}

/** What can be said of a row without looking at others. */
function reasonAlone(signs: RowSigns, index: number, { compare, emptyAnswers }: CleaningChoices): VerdictCode | null {
  const same = signs.sameAnswers(index);
  if (emptyAnswers === 'leave-out' && signs.hasEmptyAnswer(index)) return 'empty-answer';
  if (same === 'exact') return 'same-answers';
  return same === 'near' && compare === 'near' ? 'nearly-same-answers' : null;
}

function judge(index: number, { signs, groups, choices, verdicts }: Findings & { readonly verdicts: Verdicts }): void {
  const group = groups.find(signs.group(index, choices.compare));
  const side = signs.side(index, choices.compare);
  if (groups.isConflict(group)) {
    const decision = decide(groups, group, choices);
    if (decision === null) return verdicts.set(index, 'pending');
    if (decision !== (side === 0 ? 'first' : 'second')) return verdicts.set(index, 'conflict');
  }
  const first = groups.firsts[side].at(group);
  if (index === first || choices.duplicates === 'keep') return;
  verdicts.set(index, signs.areEqual(index, first) ? 'merged-exact' : 'merged-near', first);
}

function decide(groups: GroupTable, group: number, { decisions, conflicts }: CleaningChoices): ConflictDecision | null {
  const decided = decisions?.get(groups.keys.at(group));
  if (decided !== undefined) return decided;
  if (conflicts === 'ask') return null;
  const lead = groups.counts[0].at(group) - groups.counts[1].at(group);
  if (conflicts === 'neither' || lead === 0) return 'neither';
  return lead > 0 ? 'first' : 'second';
}

type Summary = Pick<CleaningReport, 'rows' | 'kept' | 'counts' | 'samples' | 'merged' | 'mostRepeated'>;

function summary(signs: RowSigns, verdicts: Verdicts): Summary {
  const counts = byCode(() => 0);
  const samples = byCode((): number[] => []);
  const merged = { desirable: 0, undesirable: 0 };
  const copies = new Uint32Array(verdicts.length);
  for (let index = 0; index < verdicts.length; index++) {
    const code = verdicts.codeOf(index);
    counts[code]++;
    if (samples[code].length < LISTED) samples[code].push(index);
    const kept = verdicts.keptIndex(index);
    if (kept === index) continue;
    copies[kept] = (copies[kept] as number) + 1;
    if (signs.isExample(index)) merged[signs.side(index, 'exact') === 0 ? 'desirable' : 'undesirable']++;
  }
  return { rows: verdicts.length, kept: counts.keep, counts, samples, merged, mostRepeated: mostRepeated(copies) };
}

function byCode<T>(value: () => T): Record<VerdictCode, T> {
  return Object.fromEntries(VERDICT_CODES.map((code) => [code, value()])) as Record<VerdictCode, T>;
}

/** @param copies - per row, the rows merged into it */
function mostRepeated(copies: Uint32Array): CleaningReport['mostRepeated'] {
  const top: { index: number; rows: number }[] = [];
  copies.forEach((merged, index) => {
    if (merged === 0 || (top.length === LISTED && merged + 1 <= (top.at(-1)?.rows ?? 0))) return;
    top.push({ index, rows: merged + 1 });
    top.sort((a, b) => b.rows - a.rows || a.index - b.index);
    top.length = Math.min(top.length, LISTED);
  });
  return top;
}

function conflictsOf({
  signs,
  groups,
  choices,
  isAlone,
  listed,
}: Findings & { readonly isAlone: Uint8Array; readonly listed: number }): Pick<CleaningReport, 'conflictCount' | 'conflicts'> {
  const all: { group: number; decision: ConflictDecision | null }[] = [];
  for (let group = 0; group < groups.length; group++) {
    if (groups.isConflict(group)) all.push({ group, decision: decide(groups, group, choices) });
  }
  const pendingFirst = [...all.filter(({ decision }) => decision === null), ...all.filter(({ decision }) => decision !== null)];
  const chosen = new Map(pendingFirst.slice(0, listed).map(({ group }) => [group, [[], []] as [number[], number[]]]));
  for (let index = 0; index < signs.length && chosen.size > 0; index++) {
    if (isAlone[index] === 1) continue;
    const sides = chosen.get(groups.find(signs.group(index, choices.compare)));
    const rows = sides?.[signs.side(index, choices.compare)];
    if (rows !== undefined && rows.length < LISTED_ROWS_OF_CONFLICT) rows.push(index);
  }
  const conflicts = pendingFirst.slice(0, listed).map(({ group, decision }): Conflict => {
    const [first, second] = chosen.get(group) as [number[], number[]];
    return {
      key: groups.keys.at(group),
      first: { rows: groups.counts[0].at(group), firstIndices: first },
      second: { rows: groups.counts[1].at(group), firstIndices: second },
      decision,
    };
  });
  return { conflictCount: all.length, conflicts };
}

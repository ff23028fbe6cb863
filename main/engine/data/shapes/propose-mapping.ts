/**
 * @file Guesses how the columns of a file become rows: candidates by names and contents, each tried on the sample itself. A
 * guess is called sure (0.9 and more) only if names and contents agree, nothing else fits, and every record can be read.
 */
import type { SourceRecord } from '#engine/data/source-record.ts';
import type { ColumnMapping } from './column-mapping.ts';
import { describeColumns } from './describe-columns.ts';
import type { MappingCandidate } from './mapping-candidate.ts';
import { SHAPE_NAMES } from './mapping-facts.ts';
import { previewMapping } from './preview-mapping.ts';
import { proposeChoices } from './propose-choices.ts';
import { proposeConversations, proposeExamples } from './propose-examples.ts';
import { proposeOpenWebui } from './propose-open-webui.ts';
import { proposePairs } from './propose-pairs.ts';
import { proposeRatedAnswers } from './propose-rated-answers.ts';
import { proposeTokens } from './propose-tokens.ts';
import { surveyColumns } from './survey-columns.ts';
import type { SurveyedColumn } from './survey-columns.ts';

export interface MappingProposal {
  readonly mapping: ColumnMapping;
  /** The shape in words. */
  readonly name: string;
  /** 0 … 1; from 0.9 on it may be used without asking. */
  readonly confidence: number;
  /** One sentence. */
  readonly reason: string;
  /** What a person should look at, one sentence each. */
  readonly warnings: readonly string[];
}

export interface MappingProposals {
  /** Best first; empty if nothing fits. */
  readonly proposals: readonly MappingProposal[];
  /** One sentence: which columns the sample has, and what they hold. */
  readonly found: string;
}

/** More records say little more. */
const SAMPLE = 200;
const MOST = 6;
const SUREST = 0.97;
const NOT_SURE = 0.85;
const FILE = 'the file';

const SOURCES: readonly ((columns: readonly SurveyedColumn[]) => readonly MappingCandidate[])[] = [
  proposeOpenWebui,
  proposePairs,
  proposeExamples,
  proposeConversations,
  proposeTokens,
  proposeChoices,
  proposeRatedAnswers,
];

/** @param sample - the values of some records, best from all over the file; the first 200 are looked at */
export function proposeMapping(sample: readonly unknown[]): MappingProposals {
  const values = sample.slice(0, SAMPLE);
  const records = values.map((value, index): SourceRecord => ({ row: index + 1, line: null, value }));
  const columns = surveyColumns(values);
  const tried = SOURCES.flatMap((propose) => propose(columns))
    .map((candidate) => tryCandidate(candidate, records))
    .filter((result) => result !== null);
  const proposals = tried.map(({ proposal }) => proposal);
  if (!tried.some(({ readsAll }) => readsAll)) proposals.push(...tryStandard(records));
  proposals.sort((a, b) => b.confidence - a.confidence);
  return { proposals: proposals.slice(0, MOST), found: describeColumns(columns, values.length) };
}

interface Tried {
  readonly proposal: MappingProposal;
  readonly readsAll: boolean;
}

function tryCandidate({ mapping, certainty, reason, warnings }: MappingCandidate, records: readonly SourceRecord[]): Tried | null {
  const { rows, faults, leftOut } = previewMapping(mapping, records, FILE);
  if (rows.length === 0 && leftOut.length === 0) return null;
  const notes = [...warnings];
  let confidence = SUREST * certainty;
  const [fault] = faults;
  if (fault !== undefined) {
    confidence = Math.min(confidence, NOT_SURE) * (1 - faults.length / records.length);
    notes.push(`${faults.length} of ${records.length} records can't be read so. ${fault.message}`);
  }
  if (rows.length === 0) confidence = Math.min(confidence, 0.3);
  const labels = new Set(rows.map((row) => (row.kind === 'example' ? row.label : null)));
  if (labels.size === 1 && !labels.has(null) && rows.length > 1) {
    notes.push(`All answers looked at are ${labels.has(true) ? 'desirable' : 'undesirable'}.`);
  }
  const rounded = Math.round(confidence * 100) / 100;
  const proposal = { mapping, name: SHAPE_NAMES[mapping.shape], confidence: rounded, reason, warnings: notes };
  return { proposal, readsAll: fault === undefined && leftOut.length === 0 };
}

/** The names that Prospect itself knows: for a file that mixes forms, so that no mapping of columns reads all of it. */
function tryStandard(records: readonly SourceRecord[]): readonly MappingProposal[] {
  const mapping: ColumnMapping = { shape: 'standard' };
  const { rows, faults } = previewMapping(mapping, records, FILE);
  if (rows.length === 0 || faults.length > 0) return [];
  const reason = "The columns have Prospect's own names, and each record can be read by those it fills.";
  return [{ mapping, name: SHAPE_NAMES.standard, confidence: 0.95, reason, warnings: [] }];
}

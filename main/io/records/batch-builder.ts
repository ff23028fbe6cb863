/** @file Collects what a reader finds until it is worth handing over. */
import type { RecordBatch, RecordFault, SourceRecord } from '#engine/data/source-record.ts';

/** A batch costs its receiver some 10 µs by itself, and a few megabytes at most. */
const MOST_RECORDS = 2000;
const MOST_CHARACTERS = 4 * 1024 * 1024;

export class BatchBuilder {
  /** Records and faults handed over or held. */
  found = 0;
  #records: SourceRecord[] = [];
  #faults: RecordFault[] = [];
  #notes: string[] = [];
  #characters = 0;

  get isFull(): boolean {
    return this.#records.length >= MOST_RECORDS || this.#characters >= MOST_CHARACTERS || this.#faults.length >= MOST_RECORDS;
  }

  get isEmpty(): boolean {
    return this.#records.length === 0 && this.#faults.length === 0;
  }

  /** @param characters - how much of the file it takes, roughly */
  add(record: SourceRecord, characters: number): void {
    this.#records.push(record);
    this.#characters += characters;
    this.found++;
  }

  fault(fault: RecordFault): void {
    this.#faults.push(fault);
    this.found++;
  }

  /** A sentence about the file as a whole. */
  note(text: string): void {
    this.#notes.push(text);
  }

  take(bytesDone: number, bytesTotal: number): RecordBatch {
    const batch = { records: this.#records, faults: this.#faults, notes: this.#notes, bytesDone, bytesTotal };
    this.#records = [];
    this.#faults = [];
    this.#notes = [];
    this.#characters = 0;
    return batch;
  }
}

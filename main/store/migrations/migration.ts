/** @file One step from one version of the tables to the next. */

export interface Migration {
  /** `user_version` after it; counted from 1. */
  readonly number: number;
  /** Never edited once released: stores that have it would differ from stores that get it. Foreign keys are checked at the end. */
  readonly sql: string;
}

/** @file All migrations in their order. */
import { core } from './0001-core.ts';
import { chat } from './0002-chat.ts';
import { leftOut } from './0003-left-out.ts';
import { feedback } from './0004-feedback.ts';
import { comparisons } from './0005-comparisons.ts';
import type { Migration } from './migration.ts';

export const MIGRATIONS: readonly Migration[] = [core, chat, leftOut, feedback, comparisons];

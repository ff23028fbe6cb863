/** @file A choice of an engine, checked where it crosses a border between processes. */
import { z } from 'zod';
import { ENGINES } from '#engines/engine-name.ts';

export const engineChoiceSchema = z.enum(['auto', ...ENGINES]);

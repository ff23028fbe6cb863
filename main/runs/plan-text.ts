/** @file What is about to run, as a line of the log. */
import type { JobEvent } from '#jobs/training-request.ts';

export function planText({
  method,
  trainRows,
  evalRows,
  droppedRows,
  truncatedRows,
  steps,
  stepsDone,
  engine,
  device,
}: Extract<JobEvent, { kind: 'plan' }>): string {
  const count = (n: number, what: string): string => `${n.toLocaleString('en')} ${what}`;
  const parts = [
    `${method.toUpperCase()} on ${count(trainRows, 'rows')}`,
    evalRows > 0 ? count(evalRows, 'held out') : 'none held out',
    ...(droppedRows > 0 ? [count(droppedRows, 'dropped')] : []),
    ...(truncatedRows > 0 ? [count(truncatedRows, 'cut')] : []),
    count(steps, 'steps'),
    `computed with ${engine}${device === null ? '' : ` on ${device}`}`,
  ];
  return `${parts.join(', ')}${stepsDone > 0 ? `; going on after step ${stepsDone.toLocaleString('en')}` : ''}.`;
}

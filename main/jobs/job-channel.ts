/** @file The line between a job's process and the one that started it. */
import { channelToParent, type ProcessChannel } from '#processes/channel-to-parent.ts';
import { toJobSchema } from './job-messages.ts';
import type { FromJob, ToJob } from './job-messages.ts';

/** @throws {InternalError} if this process was not started as a job */
export function parentChannel(): ProcessChannel<ToJob, FromJob> {
  return channelToParent(toJobSchema);
}

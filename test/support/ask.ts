/** @file Asks as a window would: through the contract. */
import type { InputArguments, RequestName, RequestOutput } from '#contract/index.ts';
import { unwrap, type Result } from '#contract/result.ts';
import { createDispatch } from '#ipc/dispatch.ts';
import { handlers } from '#ipc/handlers.ts';
import type { Services } from '#ipc/services.ts';

/** @throws {AppError} what main answers instead */
export async function ask<N extends RequestName>(services: Services, name: N, ...input: InputArguments<N>): Promise<RequestOutput<N>> {
  return unwrap((await createDispatch(handlers, services)({ name, input: input[0] })) as Result<RequestOutput<N>>);
}

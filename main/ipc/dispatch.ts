/** @file Answers one message of a window, whichever way it came: checks it, calls the handler, and turns what happens into a result. */
import { z } from 'zod';
import { AppError, InternalError, SettingsError } from '#contract/errors.ts';
import type { RequestDefinition } from '#contract/define.ts';
import { requests, type RequestName } from '#contract/index.ts';
import { fail, succeed, type Result } from '#contract/result.ts';
import type { Handlers } from './handlers.ts';
import type { Services } from './services.ts';

export type Dispatch = (message: unknown) => Promise<Result<unknown>>;

const Message = z.strictObject({ name: z.string().max(200), input: z.unknown().optional() });

/** Never throws: what can't be answered is answered with the reason. */
export function createDispatch(handlers: Handlers, services: Services): Dispatch {
  return async (message) => {
    try {
      const { name, input } = parseMessage(message);
      const [definition, handler] = find(handlers, name);
      return succeed(checkOutput(name, definition, await handler(checkInput(name, definition, input), services)));
    } catch (error) {
      return fail(toAppError(error, services));
    }
  };
}

type AnyHandler = (input: unknown, services: Services) => unknown;

function parseMessage(message: unknown): z.infer<typeof Message> {
  const parsed = Message.safeParse(message);
  if (!parsed.success)
    throw new InternalError('A window sent something that is no request: expected a name and an input. Reload the window.');
  return parsed.data;
}

function find(handlers: Handlers, name: string): [RequestDefinition, AnyHandler] {
  // Own names only: "constructor" or "__proto__" are not requests.
  if (!Object.hasOwn(requests, name) || !Object.hasOwn(handlers, name)) {
    throw new InternalError(`This Prospect does not know the request ${JSON.stringify(name)}. Reload the window, or restart Prospect.`, {
      name,
    });
  }
  const known = name as RequestName;
  return [requests[known], handlers[known] as AnyHandler];
}

/** @throws {SettingsError} that names the field, so that a form can show it there */
function checkInput(name: string, { input: schema }: RequestDefinition, input: unknown): unknown {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join('.') ?? '';
  const where = field === '' ? '' : ` (${field})`;
  throw new SettingsError(`${issue?.message ?? 'The input is wrong.'} This was asked of ${name}${where}; nothing was changed.`, { field });
}

/** Also drops what the contract does not name, so that nothing leaves main by accident. */
function checkOutput(name: string, { output: schema }: RequestDefinition, output: unknown): unknown {
  const parsed = schema.safeParse(output);
  if (parsed.success) return parsed.data;
  throw new InternalError(`The answer to ${name} is not what the contract says.`, { name }, { cause: parsed.error });
}

function toAppError(error: unknown, { logger }: Services): AppError {
  if (error instanceof AppError) {
    if (error.code === 'internal') logger.error(error.message, error.cause ?? error);
    return error;
  }
  logger.error('A request failed in a way that nobody foresaw.', error);
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new InternalError(`Something went wrong inside Prospect (${what}). The log says more: Help, Open log.`, {}, { cause: error });
}

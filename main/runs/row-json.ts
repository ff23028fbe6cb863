/** @file A stored row as a line of a file, under the names of `engine/data/parse-row.ts`. */
import type { StoredRow } from '#store/row-columns.ts';

type Json = Readonly<Record<string, unknown>>;

export function rowJson(row: StoredRow): Json {
  const { form, completion, rejected, label, options } = row;
  const answers =
    rejected === null
      ? { [named('completion', form)]: read(completion, form), label }
      : { [named('chosen', form)]: read(completion, form), [named('rejected', form)]: read(rejected, form) };
  return { ...promptOf(row), ...answers, ...templateOptions(options) };
}

/** What is asked, without any answer. */
export function promptJson(row: Pick<StoredRow, 'form' | 'prompt' | 'options'>): Json {
  return { ...promptOf(row), ...templateOptions(row.options) };
}

function promptOf({ form, prompt }: Pick<StoredRow, 'form' | 'prompt'>): Json {
  return { [named('prompt', form)]: read(prompt, form) };
}

function named(column: string, form: StoredRow['form']): string {
  return form === 'tokens' ? `${column}_ids` : column;
}

function read(text: string, form: StoredRow['form']): unknown {
  return form === 'text' ? text : JSON.parse(text);
}

/** What a chat passes to its template, as the store keeps it. */
function templateOptions(options: string | null): Json {
  if (options === null) return {};
  const { tools = null, templateKwargs } = JSON.parse(options) as { readonly tools?: unknown; readonly templateKwargs?: object };
  const hasKwargs = templateKwargs !== undefined && Object.keys(templateKwargs).length > 0;
  return { ...(tools === null ? {} : { tools }), ...(hasKwargs ? { chat_template_kwargs: templateKwargs } : {}) };
}

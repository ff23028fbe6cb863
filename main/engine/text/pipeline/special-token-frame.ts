/**
 * @file What the post-processor of a tokenizer.json puts around one text: usually a beginning-of-sequence id, or nothing.
 * Read as ids, because that is what the file itself lists.
 */
import { FormatError } from '#contract/errors.ts';
import type { PostProcessorJson, SimplePostProcessorJson } from './tokenizer-json.ts';

export interface SpecialTokenFrame {
  /** Ids before the text. */
  readonly before: readonly number[];
  /** Ids after the text. */
  readonly after: readonly number[];
}

const NOTHING: SpecialTokenFrame = { before: [], after: [] };

/**
 * Reads the frame for a single sequence.
 * @throws {FormatError} if the template does not hold the text exactly once, or names a special token without ids
 */
export function readSpecialTokenFrame(json: PostProcessorJson | null | undefined, file: string): SpecialTokenFrame {
  if (json === null || json === undefined) return NOTHING;
  const steps = json.type === 'Sequence' ? json.processors : [json];
  return steps.reduce<SpecialTokenFrame>((inner, step) => {
    const outer = readStep(step, file);
    return { before: [...outer.before, ...inner.before], after: [...inner.after, ...outer.after] };
  }, NOTHING);
}

function readStep(json: SimplePostProcessorJson, file: string): SpecialTokenFrame {
  switch (json.type) {
    case 'ByteLevel':
      return NOTHING; // only trims offsets
    case 'RobertaProcessing':
    case 'BertProcessing':
      return { before: [json.cls[1]], after: [json.sep[1]] };
    case 'TemplateProcessing':
      return readTemplate(json, file);
    default:
      return json satisfies never;
  }
}

function readTemplate(json: Extract<SimplePostProcessorJson, { type: 'TemplateProcessing' }>, file: string): SpecialTokenFrame {
  const texts = json.single.filter((item) => 'Sequence' in item);
  if (texts.length !== 1 || texts[0]?.Sequence.id !== 'A') {
    throw new FormatError(`${file}: the post-processor's "single" template must hold the text exactly once, as A.`, {
      file,
      field: 'post_processor.single',
    });
  }
  const before: number[] = [];
  const after: number[] = [];
  let side = before;
  for (const item of json.single) {
    if ('Sequence' in item) {
      side = after;
      continue;
    }
    const special = json.special_tokens[item.SpecialToken.id];
    if (special === undefined) {
      throw new FormatError(`${file}: the post-processor uses "${item.SpecialToken.id}" but lists no ids for it.`, {
        file,
        field: 'post_processor.special_tokens',
      });
    }
    side.push(...special.ids);
  }
  return { before, after };
}

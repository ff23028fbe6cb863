/** @file A model in plain words. */
import type { ModelReport, ModelShape, TokenizerReport } from '#jobs/inspect-model.ts';
import { counted, factSheet } from './fact-sheet.ts';
import type { Fact } from './fact-sheet.ts';
import { formatBytes, formatCount } from './format-quantity.ts';

const DTYPE_NAMES: Readonly<Record<string, string>> = { F32: 'float32', BF16: 'bfloat16', F16: 'float16', F64: 'float64' };

export function describeModel(report: ModelReport): string {
  const { parameters, shape, mappedBytes, copyBytes, tokenizer } = report;
  return factSheet(`Model ${report.dir}`, [
    ['Can be used', report.problem === null ? 'yes' : 'no'],
    ['Architecture', report.architecture ?? 'not named in config.json'],
    parameters === null ? null : ['Parameters', parametersText(parameters)],
    ...(shape === null ? [] : shapeFacts(shape)),
    ['Stored as', storedText(report)],
    ['Size on disk', `${formatBytes(report.diskBytes)} of weights in ${counted(formatCount(report.weightFiles), 'file')}`],
    mappedBytes === null ? null : ['Memory', `${formatBytes(mappedBytes)} for the weights`],
    copyBytes === null ? null : ['Float32 copy', copyText(copyBytes)],
    ['Tokenizer', tokenizerText(tokenizer)],
    ['Chat template', templateText(tokenizer)],
    report.linearModules.length === 0 ? null : ['LoRA modules', report.linearModules.join(', ')],
  ]);
}

function shapeFacts(shape: ModelShape): Fact[] {
  const { attentionHeads, keyValueHeads, headDim } = shape;
  const shared = keyValueHeads === attentionHeads ? '' : `, sharing ${keyValueHeads} key/value heads`;
  return [
    ['Layers', formatCount(shape.layers)],
    ['Attention heads', `${attentionHeads} of width ${headDim}${shared}`],
    ['Hidden size', formatCount(shape.hiddenSize)],
    ['Vocabulary', `${formatCount(shape.vocabulary)} tokens`],
    ['Context', `${formatCount(shape.contextTokens)} tokens`],
  ];
}

function parametersText(parameters: number): string {
  const exact = formatCount(parameters);
  if (parameters >= 1e9) return `${(parameters / 1e9).toFixed(2)} billion (${exact})`;
  return parameters >= 1e6 ? `${(parameters / 1e6).toFixed(1)} million (${exact})` : exact;
}

function storedText({ bytesByDtype }: ModelReport): string {
  const [only, ...others] = Object.keys(bytesByDtype);
  if (only !== undefined && others.length === 0) return DTYPE_NAMES[only] ?? only;
  return Object.entries(bytesByDtype)
    .toSorted(([, a], [, b]) => b - a)
    .map(([dtype, bytes]) => `${DTYPE_NAMES[dtype] ?? dtype} (${formatBytes(bytes)})`)
    .join(', ');
}

function copyText(bytes: number): string {
  if (bytes === 0) return 'none: the weights are used where they lie';
  return `${formatBytes(bytes)} will be written to the cache folder at the first use`;
}

function tokenizerText({ problem, vocabulary }: TokenizerReport): string {
  if (problem === null) return `present, ${formatCount(vocabulary ?? 0)} tokens`;
  return `can't be used, so only rows of token ids can be: ${problem}`;
}

function templateText({ hasChatTemplate }: TokenizerReport): string {
  return hasChatTemplate ? 'present' : 'none: rows of chat messages need one, plain text does not';
}

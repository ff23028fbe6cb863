/** @file What the Model step says. */
import { counted, formatBytes, formatCount, formatPercent } from './numbers.ts';
import { formatMemory, formatParameters } from './quantities.ts';

const rows = (count: number): string => counted(count, 'row', 'rows');

export const modelWords = {
  loading: 'Loading the models',
  looking: 'Looking at the model',
  choose: {
    title: 'Choose a model to align',
    another: 'Use another model',
    about:
      'A folder in the layout of Hugging Face: config.json, model.safetensors and tokenizer.json. It is read where it lies and never changed.',
    pick: 'Choose folder…',
    path: 'Path of its folder on this machine',
    orPath: 'Or the path of its folder on this machine',
    placeholder: '/home/me/models/TinyLlama-1.1B-Chat-v1.0',
    use: 'Use path',
  },
  known: {
    title: 'Models you have used',
    use: (name: string): string => `Use ${name}`,
    useShort: 'Use',
    inUse: 'In use',
    forget: (name: string): string => `Forget ${name}`,
    forgetShort: 'Forget',
    sample: 'comes with Prospect',
    gone: 'its folder is not there any more',
    none: 'None yet. A model that you choose is listed here the next time.',
  },
  facts: {
    title: (name: string): string => `About ${name}`,
    architecture: 'Architecture',
    parameters: 'Parameters',
    parametersOf: (count: number): string => formatParameters(count),
    dtype: 'Numbers',
    context: 'Context',
    contextOf: (tokens: number): string => `${formatCount(tokens)} tokens`,
    template: 'Chat template',
    hasTemplate: 'present',
    noTemplate: 'none: rows of chat messages need one, plain text does not',
    vocabulary: 'Vocabulary',
    vocabularyOf: (tokens: number): string => `${formatCount(tokens)} tokens`,
    shape: 'Shape',
    shapeOf: (layers: number, width: number): string => `${counted(layers, 'layer', 'layers')} of width ${formatCount(width)}`,
    disk: 'On disk',
    diskOf: (bytes: number, files: number): string => `${formatBytes(bytes)} in ${counted(files, 'file', 'files')}`,
    memory: 'In memory',
    memoryOf: (bytes: number): string => `${formatMemory(bytes)}, mapped from the disk`,
    copy: (bytes: number): string => `The first use makes a copy of ${formatBytes(bytes)}, because these numbers can't be used in place.`,
    licence: 'Licence',
    noLicence: 'the folder does not say',
    folder: 'Folder',
    unknown: 'unknown',
    unusable: 'This model can not be trained',
    tokenizerProblem: 'Its tokenizer can not be used, so only rows of token ids can be trained on',
  },
  lengths: {
    title: 'Length of your rows in tokens of this model',
    needsData: 'Add data first: then you see here how long your rows are, and where max_length cuts them.',
    goToData: 'Go to Data',
    measuring: 'Counting tokens',
    counted: (done: number, total: number): string => `${formatCount(done)} of ${rows(total)}`,
    stop: 'Cancel',
    stopped: 'Counting was cancelled.',
    again: 'Count again',
    summary: (median: number, p95: number, longest: number): string =>
      `Half of the rows have up to ${formatCount(median)} tokens, 95 % up to ${formatCount(p95)}; the longest has ${formatCount(longest)}.`,
    uncounted: (count: number): string => `${rows(count)} can not be tokenised and will be left out. The first:`,
    line: 'Maximum length',
    none: 'No limit: nothing is cut.',
    tokens: (count: number): string => counted(count, 'token', 'tokens'),
    effect: (
      limit: number,
      { cut, dropped, total }: { readonly cut: number; readonly dropped: number; readonly total: number },
    ): string => {
      if (cut + dropped === 0) return `max_length ${formatCount(limit)}: all ${rows(total)} stay whole.`;
      const parts = [
        ...(cut > 0 ? [`${rows(cut)} (${formatPercent(cut / total)}) lose the end of their answer`] : []),
        ...(dropped > 0 ? [`${rows(dropped)} (${formatPercent(dropped / total)}) are left out, because their prompt alone fills it`] : []),
      ];
      return `max_length ${formatCount(limit)}: ${parts.join(', and ')}.`;
    },
    fit: (limit: number): string => `Keep every row whole (${formatCount(limit)})`,
    help: 'Drag the line, or focus it and use the arrow keys; Page Up and Page Down move it by 32.',
    bar: (from: number, below: number | null, count: number): string =>
      below === null
        ? `${formatCount(from)} tokens and more: ${rows(count)}`
        : `${formatCount(from)} to ${formatCount(below - 1)} tokens: ${rows(count)}`,
    axis: 'tokens (prompt and answer)',
    beyondContext: (context: number): string => `The model was made for ${formatCount(context)} tokens; longer rows come out worse.`,
  },
  hub: {
    title: 'Download from Hugging Face Hub',
    about: (url: string): string => `Asks ${url} when you press the button, and never otherwise.`,
    id: 'Name of the model',
    placeholder: 'TinyLlama/TinyLlama-1.1B-Chat-v1.0',
    look: 'Look up',
    looking: 'Asking the Hub',
    offline: 'Offline mode',
    offlineAbout: 'No request leaves this machine.',
    files: (count: number, bytes: number): string => `${counted(count, 'file', 'files')}, ${formatBytes(bytes)}`,
    others: (count: number): string => `${counted(count, 'file', 'files')} in other formats are not fetched.`,
    licence: (name: string): string => `Licence: ${name}`,
    place: (folder: string): string => `It will lie in ${folder}.`,
    tooLarge: (free: number): string => `Only ${formatBytes(free)} are free on that disk.`,
    download: (bytes: number): string => `Download ${formatBytes(bytes)}`,
    state: { running: 'Downloading', stopped: 'Stopped', failed: 'Failed', done: 'Downloaded' },
    progress: (done: number, total: number): string => `${formatBytes(done)} of ${formatBytes(total)}`,
    speed: (perSecond: number): string => `${formatBytes(perSecond)}/s`,
    left: (text: string): string => `${text} left`,
    stop: 'Stop',
    goOn: 'Go on',
    discard: 'Discard',
    use: 'Use it',
    file: 'File',
    size: 'Size',
    downloads: 'Downloads',
  },
} as const;

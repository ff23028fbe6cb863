/**
 * @file Lint rules. The larger part is the layer table: which folder may import which, one row a folder, each with its rule in words.
 * A later row wins over an earlier one for the same file, so the table goes from the general to the particular.
 */
import { defineConfig, type OxlintOverride } from 'oxlint';

interface Layer {
  readonly files: readonly string[];
  /** Folders whose files may be imported, as the aliases of package.json; files below the same folder always may (`./`). */
  readonly may: readonly string[];
  /** The packages that may be imported, or 'any': Node's modules and every package that no other folder owns. */
  readonly packages: 'any' | readonly string[];
  /** Relative paths that lead into another layer. */
  readonly never?: readonly string[];
  /** Shown with the error. */
  readonly rule: string;
}

const TENSOR = '#engine/tensor';
const GRAPH = '#engine/graph';
const DATA = '#engine/data';
const TEXT = '#engine/text';
const MODEL = '#engine/model';
const ADAPTER = '#engine/adapter';
const TRAIN = '#engine/train';
const PRETRAIN = '#engine/pretrain';
const GENERATE = '#engine/generate';
const EXPORT = '#engine/export';

const ENGINE_LAYERS: readonly Layer[] = [
  {
    files: ['main/engine/**'],
    may: ['#engine'],
    packages: ['zod'],
    rule: 'engine/ is pure: it imports only itself, the contract and zod; bytes, clocks and processes come in as arguments.',
  },
  { files: ['main/engine/tensor/**'], may: [TENSOR], packages: ['zod'], rule: 'engine/tensor imports nothing else of the engine.' },
  { files: ['main/engine/graph/**'], may: [GRAPH, TENSOR], packages: ['zod'], rule: 'engine/graph imports only tensor.' },
  { files: ['main/engine/data/**'], may: [DATA, TENSOR], packages: ['zod'], rule: 'engine/data imports nothing of the engine but tensor.' },
  {
    files: ['main/engine/text/**'],
    may: [TEXT, DATA, TENSOR],
    packages: ['zod', '@huggingface/tokenizers', '@huggingface/jinja'],
    rule: 'engine/text imports only data and tensor, and the tokeniser and template packages.',
  },
  { files: ['main/engine/model/**'], may: [MODEL, GRAPH, TENSOR], packages: ['zod'], rule: 'engine/model imports only graph and tensor.' },
  {
    files: ['main/engine/adapter/**'],
    may: [ADAPTER, MODEL, GRAPH, TENSOR],
    packages: ['zod'],
    rule: 'engine/adapter imports only model, graph and tensor.',
  },
  {
    files: ['main/engine/train/**'],
    may: [TRAIN, ADAPTER, MODEL, TEXT, DATA, GRAPH, TENSOR],
    packages: ['zod'],
    rule: 'engine/train imports the engine below it (tensor, graph, data, text, model, adapter), not export.',
  },
  {
    files: ['main/engine/pretrain/**'],
    may: [PRETRAIN, TRAIN, MODEL, GRAPH, TENSOR],
    packages: ['zod'],
    rule: 'engine/pretrain imports train, model, graph and tensor.',
  },
  {
    files: ['main/engine/generate/**'],
    may: [GENERATE, ADAPTER, MODEL, TEXT, DATA, GRAPH, TENSOR],
    packages: ['zod'],
    rule: 'engine/generate imports the engine below it (tensor, graph, data, text, model, adapter), not train and export.',
  },
  {
    files: ['main/engine/export/**'],
    may: [EXPORT, TRAIN, ADAPTER, MODEL, TEXT, DATA, GRAPH, TENSOR],
    packages: ['zod'],
    rule: 'engine/export imports the engine, the contract and zod.',
  },
];

const HOST_LAYERS: readonly Layer[] = [
  {
    files: ['main/backends/**'],
    may: ['#backends/onnxruntime', '#backends/device', GRAPH, TENSOR],
    packages: 'any',
    rule: "A backend imports only the engine's graph and tensor; backends never import each other.",
  },
  {
    files: ['main/backends/tfjs/**'],
    may: ['#backends/tfjs', '#backends/device', GRAPH, TENSOR],
    packages: 'any',
    rule: "A backend imports only the engine's graph and tensor; backends never import each other.",
  },
  {
    files: ['main/backends/device/**'],
    may: ['#backends/device', GRAPH, TENSOR],
    packages: 'any',
    rule: "backends/device (what every backend needs for a device) imports only the engine's graph and tensor.",
  },
  { files: ['main/io/**'], may: ['#io', '#engine'], packages: 'any', rule: 'io/ imports only the contract and the engine.' },
  {
    files: ['main/store/**'],
    may: ['#store'],
    packages: ['better-sqlite3', 'zod', 'node:**'],
    rule: 'store/ imports only better-sqlite3, zod, Node and the contract.',
  },
  {
    files: ['main/datasets/**'],
    may: ['#datasets', '#store', '#io', '#engine'],
    packages: 'any',
    rule: 'datasets/ (what a person does with a dataset) imports only the store, io, the engine and the contract.',
  },
  {
    files: ['main/starter/**'],
    may: ['#starter', DATA, TEXT],
    packages: 'any',
    rule: "starter/ (the texts of the starter model and its sample data) imports only the engine's data and text.",
  },
  {
    files: ['main/projects/**'],
    may: ['#projects', '#datasets', '#store', '#exports', '#jobs', '#io', '#engine', '#starter'],
    packages: 'any',
    rule: 'projects/ (what a person does with a project) imports datasets, the store, exports, jobs, io, the engine and the contract.',
  },
  {
    files: ['main/setup/**'],
    may: [
      '#setup',
      '#projects',
      '#runs/write-rows.ts',
      '#runs/initial-adapter.ts',
      '#runs/probe-prompts.ts',
      '#datasets',
      '#store',
      '#inquiries',
      '#jobs',
      '#engines',
      '#io',
      '#engine',
    ],
    packages: 'any',
    rule: 'setup/ (models, settings and what a run will need, before it is started) imports projects, datasets, the store, inquiries, jobs, engines, io, the engine and the contract.',
  },
  {
    files: ['main/comparisons/**'],
    may: ['#comparisons', '#projects', '#runs', '#datasets', '#store', '#inquiries', '#exports', '#jobs', '#io', '#engine'],
    packages: 'any',
    rule: 'comparisons/ (runs side by side) imports projects, runs, datasets, the store, inquiries, exports, jobs, io, the engine and the contract.',
  },
  {
    files: ['main/engines/**'],
    may: ['#engines', '#engine', '#backends', '#io'],
    packages: 'any',
    rule: 'engines/ (which backend computes on this machine) imports only the engine, backends, io and the contract.',
  },
  {
    files: ['main/processes/**'],
    may: ['#processes'],
    packages: ['zod', 'node:**'],
    rule: 'processes/ (starting a child process, and the line to its parent) imports only the contract.',
  },
  {
    files: ['main/jobs/**'],
    may: ['#jobs', '#processes', '#engine', '#engines', '#backends', '#io'],
    packages: 'any',
    rule: 'jobs/ imports only the engine, engines, backends, io, processes and the contract; the store and the window are told by messages.',
  },
  {
    files: ['main/inquiries/**'],
    may: ['#inquiries', '#processes', '#exports', '#jobs', '#engines', '#engine', '#io'],
    packages: 'any',
    rule: 'inquiries/ (what is asked of a process of its own) imports only exports, jobs, engines, the engine, io, processes and the contract.',
  },
  {
    files: ['main/runs/**'],
    may: ['#runs', '#jobs', '#processes', '#store', '#engines', '#io', '#engine'],
    packages: 'any',
    rule: 'runs/ (starts, watches and keeps runs) imports only jobs, the store, engines, io, the engine and the contract.',
  },
  {
    files: ['main/chat/**'],
    may: ['#chat', '#processes', '#engine', '#io'],
    packages: 'any',
    rule: 'chat/ imports only the engine, io, processes and the contract.',
  },
  {
    files: ['main/exports/**'],
    may: ['#exports', '#chat', '#jobs', '#backends', '#io', '#engine', '#package'],
    packages: 'any',
    rule: 'exports/ (what is taken away from a run, and brought in) imports only chat, jobs, backends, io, the engine and the contract.',
  },
  {
    files: ['main/playground/**'],
    may: ['#playground', '#chat', '#inquiries', '#datasets', '#store', '#engine'],
    packages: 'any',
    rule: 'playground/ (conversations with the models of a project) imports only chat, inquiries, datasets, the store, the engine and the contract.',
  },
  {
    files: ['main/transfer/**'],
    may: [
      '#transfer',
      '#projects',
      '#runs/write-rows.ts',
      '#datasets',
      '#store',
      '#inquiries',
      '#exports',
      '#jobs',
      '#io',
      '#engine',
      '#package',
    ],
    packages: 'any',
    rule: 'transfer/ (what leaves a project, and what comes into one) imports projects, datasets, the store, inquiries, exports, jobs, io, the engine and the contract.',
  },
  {
    files: ['main/ipc/**'],
    may: [
      '#ipc',
      '#transfer',
      '#projects',
      '#setup',
      '#comparisons',
      '#playground',
      '#datasets',
      '#runs',
      '#store',
      '#engines',
      '#inquiries',
      '#jobs',
      '#io',
      '#chat',
      '#exports',
    ],
    packages: 'any',
    rule: 'ipc/ imports only transfer, projects, setup, comparisons, datasets, runs, store, engines, inquiries, jobs, io, chat, exports and the contract: handlers are thin.',
  },
  {
    files: ['main/host/**'],
    may: ['#host', '#ipc', '#playground', '#setup', '#runs', '#store', '#jobs', '#inquiries', '#chat'],
    packages: 'any',
    rule: 'host/ (what the window and the browser host share) imports only ipc, setup, runs, the store, jobs, inquiries, chat and the contract.',
  },
  {
    files: ['main/browser/**'],
    may: ['#browser', '#host', '#ipc', '#processes'],
    packages: 'any',
    rule: 'browser/ serves the window to a browser: it imports only host, ipc, processes and the contract.',
  },
  {
    files: ['main/app/**'],
    may: ['#app', '#host', '#ipc'],
    packages: 'any',
    rule: 'app/ is Electron only: it imports host, ipc and the contract.',
  },
  {
    files: ['main/start.ts', 'main/start/**'],
    may: ['#start', '#host/has-display.ts'],
    packages: 'any',
    rule: 'start/ chooses a host and starts what was built: it imports nothing of the program but the contract.',
  },
  {
    files: ['main/demo.ts', 'main/demo/**'],
    may: ['#demo', '#cli', '#host', '#runs', '#datasets', '#store', '#starter', '#processes', '#jobs', '#backends', '#io', '#engine'],
    packages: 'any',
    rule: 'demo/ does the main job with the services of the window and the screen of the command line: it imports neither ipc, app nor browser.',
  },
  {
    files: ['main/cli.ts', 'main/cli/**'],
    may: [
      '#cli',
      '#engine',
      '#engines',
      '#backends',
      '#io',
      '#jobs',
      '#processes',
      '#inquiries',
      '#transfer',
      '#projects',
      '#datasets',
      '#starter',
      '#store',
      '#chat',
      '#exports',
      '#host/data-dir.ts',
    ],
    packages: 'any',
    never: ['./app/**', './ipc/**', './host/**', './browser/**'],
    rule: 'The command line imports everything of main but app/ and ipc/, which belong to the window (as do host/ and browser/).',
  },
];

const OUTER_LAYERS: readonly Layer[] = [
  { files: ['preload/**'], may: [], packages: ['electron', 'zod'], rule: 'preload/ imports only the contract and Electron.' },
  { files: ['preload/contract/**'], may: [], packages: ['zod'], rule: 'The contract imports only zod: all three sides import it.' },
  {
    files: ['renderer/**'],
    may: ['#renderer'],
    packages: 'any',
    rule: 'The renderer imports only the contract; everything else goes through window.api.',
  },
  {
    files: ['renderer/api/**', 'renderer/components/**', 'renderer/features/**'],
    may: ['#renderer/api', '#renderer/components', '#renderer/words'],
    packages: 'any',
    rule: 'A renderer feature never imports another; share through components/, words/ or api/. The rest of main is reached through the contract.',
  },
];

/** Packages that one folder wraps for all others. */
const OWNED_PACKAGES: readonly { readonly names: readonly string[]; readonly owners: readonly string[] }[] = [
  { names: ['onnxruntime-node', 'onnx-buf', '@bufbuild/protobuf'], owners: ['main/backends'] },
  { names: ['@tensorflow/*'], owners: ['main/backends/tfjs'] },
  { names: ['better-sqlite3'], owners: ['main/store'] },
  { names: ['node-llama-cpp'], owners: ['main/chat'] },
  { names: ['@huggingface/tokenizers', '@huggingface/jinja'], owners: ['main/engine/text'] },
  { names: ['ws'], owners: ['main/browser'] },
  { names: ['@huggingface/hub'], owners: ['main/io'] },
  { names: ['electron'], owners: ['main/app', 'main/index.ts', 'main/ipc', 'preload'] },
  { names: ['react', 'react-dom', '@mantine/*', '@tanstack/*', 'zustand'], owners: ['renderer'] },
];

const PARENT_IMPORTS = {
  group: ['..', '../**'],
  message: 'Parent-relative imports are banned; use an alias of package.json (#engine/…, #io/…).',
};

/** The named names and everything below them, as patterns that take them out of a group again. */
function except(names: readonly string[]): string[] {
  return names.flatMap((name) => (name.endsWith('**') ? [`!${name}`] : [`!${name}`, `!${name}/**`]));
}

function layerOverride({ files, may, packages, never, rule }: Layer): OxlintOverride {
  const forbidden =
    packages === 'any'
      ? // Only aliases are a matter of layers here; in brackets because a bare # would begin a comment.
        ['[#]*/**', ...(never ?? []), ...except(may), '!#contract/**']
      : ['**', '!./**', ...except(may), '!#contract/**', ...except(packages)];
  const nodeInBrowser = files.some((glob) => glob.startsWith('renderer/')) ? [{ group: ['node:**'], message: rule }] : [];
  const owned = OWNED_PACKAGES.filter(({ owners }) => !files.some((glob) => owners.some((owner) => isWithin(glob, owner))));
  const patterns = [
    PARENT_IMPORTS,
    { group: forbidden, message: rule },
    ...nodeInBrowser,
    ...(packages === 'any'
      ? owned.map(({ names, owners }) => ({ group: [...names], message: `Only ${owners.join(', ')} may use this package.` }))
      : []),
  ];
  return { files: [...files], rules: { 'no-restricted-imports': ['error', { patterns }] } };
}

function isWithin(glob: string, folder: string): boolean {
  return glob === folder || glob.startsWith(`${folder}/`);
}

export default defineConfig({
  plugins: ['eslint', 'typescript', 'unicorn', 'oxc', 'import', 'promise', 'vitest'],
  categories: { correctness: 'error', suspicious: 'error' },
  options: { reportUnusedDisableDirectives: 'error' },
  ignorePatterns: ['dist', 'out', 'release', 'coverage', 'test/golden'],
  rules: {
    'no-restricted-imports': ['error', { patterns: [PARENT_IMPORTS] }],
    'max-lines': ['error', { max: 300 }],
    'max-lines-per-function': ['warn', { max: 50, skipBlankLines: true, skipComments: true }],
    // Data from JSON and tables of numbers are asserted after they were checked; noUncheckedIndexedAccess makes the check visible.
    'typescript/no-unsafe-type-assertion': 'off',
    // A small helper next to its use reads better than one at the end of the file.
    'unicorn/consistent-function-scoping': 'off',
    // `[...copy].sort()` is as clear as toSorted; names sort by code unit on purpose.
    'unicorn/no-array-sort': 'off',
    'typescript/require-array-sort-compare': ['error', { ignoreStringArrays: true }],
    // Shapes and lists of numbers: `dims.with(-1, width)` and `new Array<number>(n).fill(0)` are clear there.
    'unicorn/no-confusing-array-with': 'off',
    'unicorn/no-new-array': 'off',
    // An operation without attributes has the type `{}` on purpose.
    'typescript/no-generated-empty-object-type': 'off',
    // A style sheet is all effect.
    'import/no-unassigned-import': ['error', { allow: ['**/*.css'] }],
    // `import fc from 'fast-check'` is that package's documented form.
    'import/no-named-as-default-member': 'off',
    eqeqeq: 'error',
    'no-var': 'error',
    'prefer-const': 'error',
    'import/no-default-export': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/consistent-type-imports': 'error',
    'unicorn/prefer-node-protocol': 'error',
    'unicorn/filename-case': ['error', { case: 'kebabCase' }],
  },
  overrides: [
    ...ENGINE_LAYERS.map(layerOverride),
    ...HOST_LAYERS.map(layerOverride),
    ...OUTER_LAYERS.map(layerOverride),
    {
      files: ['main/engine/**'],
      rules: {
        'no-restricted-globals': ['error', { name: 'Date', message: 'engine/ is pure: the clock is an argument.' }],
        'no-restricted-properties': [
          'error',
          { object: 'Math', property: 'random', message: 'engine/ is pure: randomness is an argument.' },
        ],
      },
    },
    {
      // Rule tables: one entry an op (or a layer), read by name and not from top to bottom.
      files: [
        'main/engine/graph/rules/**',
        'main/engine/graph/*-rules.ts',
        'main/backends/*/ops*.ts',
        '**/*.generated.ts',
        'oxlint.config.ts',
      ],
      rules: { 'max-lines': 'off' },
    },
    { files: ['test/**'], rules: { 'max-lines-per-function': 'off', 'typescript/require-array-sort-compare': 'off' } },
    { files: ['*.config.ts'], rules: { 'import/no-default-export': 'off' } },
  ],
});

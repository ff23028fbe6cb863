/** @file `prospect inspect` on real folders and files: what it is, whether it can be used, and an exit code that says so. */
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { float64Model } from '#test/support/float64-model.ts';
import { cli } from '#test/support/fake-cli-host.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const golden = (path: string) => fileURLToPath(new URL(`../golden/${path}`, import.meta.url));
const BASE = golden('trl/base');
const ADAPTER = golden('trl/dpo_adapter_init');

/** Facts by name, of a sheet whose values are each on one line. */
function facts(stdout: string): Record<string, string> {
  return Object.fromEntries([...stdout.matchAll(/^ {2}(\S.*?) {2,}(\S.*)$/gm)].map(([, name, value]) => [name, value]));
}

/** A copy of the base model with some of its config.json replaced. */
async function modelWith(config: Readonly<Record<string, unknown>>): Promise<string> {
  const dir = join(await temporaryFolder(), 'model');
  await cp(BASE, dir, { recursive: true });
  const file = join(dir, 'config.json');
  await writeFile(file, JSON.stringify({ ...(JSON.parse(await readFile(file, 'utf8')) as object), ...config }));
  return dir;
}

async function dataFile(...rows: readonly object[]): Promise<string> {
  const file = join(await temporaryFolder(), 'rows.jsonl');
  await writeFile(file, rows.map((row) => JSON.stringify(row)).join('\n'));
  return file;
}

test('a model is described in full', async () => {
  const { exitCode, stdout, stderr } = await cli(['inspect', '--model', BASE]);
  expect(stdout.split('\n')[0]).toBe(`Model ${BASE}`);
  expect(facts(stdout)).toEqual({
    'Can be used': 'yes',
    Architecture: 'LlamaForCausalLM',
    Parameters: '35,168',
    Layers: '2',
    'Attention heads': '4 of width 8, sharing 2 key/value heads',
    'Hidden size': '32',
    Vocabulary: '259 tokens',
    Context: '256 tokens',
    'Stored as': 'float32',
    'Size on disk': '142.8 kB of weights in 1 file',
    Memory: '140.7 kB for the weights',
    'Float32 copy': 'none: the weights are used where they lie',
    Tokenizer: 'present, 259 tokens',
    'Chat template': 'none: rows of chat messages need one, plain text does not',
    'LoRA modules': 'q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj',
  });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
});

test.each([
  ['llama_gqa_bf16', 'llama', 'bfloat16', '183.7 kB', 1],
  ['llama3_rope_tied', 'llama', 'float32', '', 1],
  ['llama_linear_rope_bias', 'llama', 'float16', '', 1],
  ['mistral_window', 'mistral', 'float32', '', 12],
  ['qwen2_tied_bias', 'qwen2', 'bfloat16', '138.8 kB', 1],
  ['qwen3_qknorm', 'qwen3', 'float32', '', 1],
])('%s can be used', async (name, architecture, dtype, memory, files) => {
  const { exitCode, stdout } = await cli(['inspect', '--model', golden(`logits/${name}`)]);
  const found = facts(stdout);
  expect(found['Can be used']).toBe('yes');
  expect(found['Architecture']?.toLowerCase()).toContain(architecture);
  expect(found['Stored as']).toBe(dtype);
  expect(found['Memory']?.startsWith(memory)).toBe(true);
  expect(found['Float32 copy']).toBe('none: the weights are used where they lie');
  expect(found['Size on disk']).toContain(files === 1 ? 'in 1 file' : `in ${files} files`);
  expect(exitCode).toBe(0);
});

test('a model of float64 says what its copy will take', async () => {
  const dir = await float64Model(golden('logits/llama_gqa_bf16'));
  const found = facts((await cli(['inspect', '--model', dir])).stdout);
  expect(found['Memory']).toBe('367.4 kB for the weights');
  expect(found['Float32 copy']).toBe('367.4 kB will be written to the cache folder at the first use');
});

test('a shared embedding counts once', async () => {
  const { stdout } = await cli(['inspect', '--model', golden('logits/qwen2_tied_bias'), '--json']);
  const { model } = JSON.parse(stdout) as { model: { parameters: number; bytesByDtype: Record<string, number> } };
  expect(model.bytesByDtype).toEqual({ BF16: model.parameters * 2 });
});

test('a model that is not supported is told apart from one that is damaged', async () => {
  const unsupported = await modelWith({ model_type: 'gpt2', architectures: ['GPT2LMHeadModel'] });
  const first = await cli(['inspect', '--model', unsupported]);
  expect(facts(first.stdout)).toMatchObject({ 'Can be used': 'no', Architecture: 'GPT2LMHeadModel' });
  expect(first.stderr).toMatch(/^prospect: .*"gpt2".*not supported\. Supported: llama, mistral, qwen2, qwen3\.\n$/);
  expect(first.exitCode).toBe(1);

  const damaged = await modelWith({ num_hidden_layers: 3 });
  const second = await cli(['inspect', '--model', damaged]);
  expect(facts(second.stdout)).toMatchObject({ 'Can be used': 'no', Layers: '3' });
  expect(second.stderr).toMatch(/^prospect: .* lacks 9 of the \d+ tensors of a 3-layer llama model .*\n$/);
  expect(second.exitCode).toBe(1);
});

test('a model without a tokenizer can be used with token ids', async () => {
  const dir = await modelWith({});
  await rm(join(dir, 'tokenizer.json'));
  const { exitCode, stdout } = await cli(['inspect', '--model', dir]);
  expect(facts(stdout)['Tokenizer']).toMatch(/^can't be used, so only rows of token ids can be: .* has no tokenizer\.json/);
  expect(exitCode).toBe(0);
});

test('a chat template is noticed', async () => {
  const dir = await modelWith({});
  await writeFile(join(dir, 'chat_template.jinja'), '{{ messages[0].content }}');
  expect(facts((await cli(['inspect', '--model', dir])).stdout)['Chat template']).toBe('present');
});

test('a folder that is no model is one line', async () => {
  const { exitCode, stdout, stderr } = await cli(['inspect', '--model', ADAPTER]);
  expect(stderr).toMatch(/^prospect: .* holds an adapter, not a model\. [^\n]*\n$/);
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
});

test('an adapter is described, alone', async () => {
  const { exitCode, stdout } = await cli(['inspect', '--adapter', ADAPTER]);
  expect(facts(stdout)).toMatchObject({
    'Can be used': 'yes, with the model it was made for; add --model to compare',
    'Rank (r)': '4',
    Alpha: '8, so the adapter is scaled by 2 (alpha / r)',
    Modules: 'v_proj, q_proj, down_proj (6 in all layers)',
    Parameters: '1,664',
    'Base model': 'not named',
  });
  expect(exitCode).toBe(0);
});

test('an adapter is compared with a model', async () => {
  const fits = await cli(['inspect', '--adapter', ADAPTER, '--model', BASE]);
  expect(fits.stdout).toContain('yes, it fits the model');
  expect(fits.exitCode).toBe(0);
  const other = await cli(['inspect', '--adapter', ADAPTER, '--model', golden('logits/mistral_window')]);
  expect(other.stdout).toContain('not with this model');
  expect(other.stderr).toMatch(/^prospect: The adapter was made for another model: [^\n]*\n$/);
  expect(other.exitCode).toBe(1);
});

test('data is described', async () => {
  const file = await dataFile(
    { prompt: 'Why?', completion: 'Because.', label: true },
    { prompt: '', completion: 'No.', label: false },
    { prompt: 'How?', completion: 'So.', label: true },
  );
  const { exitCode, stdout, stderr } = await cli(['inspect', '--data', file]);
  expect(facts(stdout)).toEqual({
    'Can be used': 'yes',
    Rows: '3',
    Shape: 'examples: a prompt, a completion and a label; for KTO',
    Conversational: 'no: plain text',
    Labels: '2 desirable (67 %), 1 undesirable',
    Weights: 'to balance the labels, --desirable-weight 0.5 to 0.67 or --undesirable-weight 1.5 to 2, not both',
    'Empty prompts': '1 (row 2)',
    'Longest text': '12 characters of prompt and answer (row 1)',
  });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
});

test('pairs can be used by both methods', async () => {
  const chat = {
    prompt: [{ role: 'user', content: 'Why?' }],
    chosen: [{ role: 'assistant', content: 'a' }],
    rejected: [{ role: 'assistant', content: 'b' }],
  };
  const { stdout } = await cli(['inspect', '--data', await dataFile(chat, { prompt: 'Why?', chosen: 'a', rejected: 'b' })]);
  expect(facts(stdout)).toMatchObject({
    Shape: 'pairs: a prompt, a chosen and a rejected answer; for DPO, or for KTO as 4 examples',
    Conversational: 'mixed: 1 row of plain text, 1 row of chat messages',
  });
});

test('bad rows are shown with their lines', async () => {
  const bad = Array.from({ length: 7 }, (_, i) => ({ prompt: 'Why?', completion: 'x', label: `${i}?` }));
  const { exitCode, stdout, stderr } = await cli([
    'inspect',
    '--data',
    await dataFile({ prompt: 'Why?', completion: 'x', label: true }, ...bad),
  ]);
  expect(facts(stdout)).toMatchObject({ 'Can be used': 'only with --skip-bad-rows', Rows: "8, of which 7 can't be used" });
  expect([...stdout.matchAll(/Row (\d) of rows\.jsonl has the `label`/g)].map(([, row]) => row)).toEqual(['2', '3', '4', '5', '6']);
  expect(stdout).toContain('and 2 more');
  expect(stderr).toMatch(/^prospect: 7 rows of rows\.jsonl can't be used\.[^\n]*\n$/);
  expect(exitCode).toBe(1);
});

test('--json prints one object with the parts that were asked for', async () => {
  const file = await dataFile({ prompt: 'Why?', completion: 'x', label: true });
  const { exitCode, stdout, stderr } = await cli(['inspect', '--json', '--data', file, '--model', BASE, '--adapter', ADAPTER]);
  expect(stdout.split('\n')).toHaveLength(2);
  expect(JSON.parse(stdout)).toMatchObject({
    model: { dir: BASE, problem: null, parameters: 35_168, mappedBytes: 140_672, copyBytes: 0 },
    data: { file, problem: null, rows: 1, labels: { desirable: 1, undesirable: 0 } },
    adapter: { dir: ADAPTER, problem: null, r: 4, fitsModel: true },
  });
  expect(Object.keys(JSON.parse((await cli(['inspect', '--json', '--data', file])).stdout) as object)).toEqual(['data']);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
});

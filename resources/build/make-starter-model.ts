/**
 * @file Makes the starter model from nothing: `npm run starter-model -- [--out DIR] [--resume] [--threads N]`. Writes the corpus, pretrains on it as
 * resources/starter-model/recipe.json says, and leaves a model folder to copy from. Stopped, it goes on with `--resume`.
 */
import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeStarterCorpus } from '#starter/write-starter-corpus.ts';

const RECIPE = 'resources/starter-model/recipe.json';
const SEED = 1;
/** Enough to see the loss on papers and questions that training never shows. */
const VALIDATION_DOCUMENTS = 600;

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'out/starter-model' },
    resume: { type: 'boolean', default: false },
    threads: { type: 'string' },
  },
});
const folder = `${values.out}-texts`;
await mkdir(folder, { recursive: true });
const [train, validation] = ['train.jsonl', 'validation.jsonl'].map((name) => join(folder, name)) as [string, string];
await writeStarterCorpus({ outFile: train, seed: SEED });
await writeStarterCorpus({ outFile: validation, seed: SEED, split: 'validation', documents: VALIDATION_DOCUMENTS });
const args = ['main/cli.ts', 'pretrain', '--config', RECIPE, '--data', train, '--eval-data', validation, '--out', values.out];
const more = [...(values.resume ? ['--resume'] : []), ...(values.threads === undefined ? [] : ['--threads', values.threads])];
const child = spawn(process.execPath, [...args, ...more], { stdio: 'inherit' });
process.exitCode = await new Promise<number>((done) => child.once('exit', (code) => done(code ?? 1)));

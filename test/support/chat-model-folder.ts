/** @file The tiny model of the golden runs, with a chat template, in a folder of its own. */
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GOLDEN } from './chat.ts';
import { temporaryFolder } from './temporary-folder.ts';

const TEMPLATE =
  '{{ bos_token }}{% for message in messages %}[{{ message.role }}]{{ message.content }}{{ eos_token }}{% endfor %}{% if add_generation_prompt %}[assistant]{% endif %}';

export async function chatModelFolder(): Promise<string> {
  const folder = await temporaryFolder();
  await cp(join(GOLDEN, 'trl/base'), folder, { recursive: true });
  const file = join(folder, 'tokenizer_config.json');
  const config = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  await writeFile(file, JSON.stringify({ ...config, chat_template: TEMPLATE }));
  return folder;
}

/** @file The tiny golden model with a chat template. */
import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BASE_MODEL } from '#test/support/training-runs.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const TEMPLATE =
  "{% for m in messages %}{{ m['role'] + ': ' + m['content'] + '\\n' }}{% endfor %}{% if add_generation_prompt %}assistant: {% endif %}";

/** @returns a folder that goes with the test */
export async function chatModel(): Promise<string> {
  const dir = join(await temporaryFolder(), 'model');
  await cp(BASE_MODEL, dir, { recursive: true });
  await writeFile(join(dir, 'chat_template.jinja'), TEMPLATE);
  return dir;
}

/** @file Who is whose partner in the KL estimate z0: a prompt with the answer to another prompt. */

/**
 * Inside each block the completions are rotated by one: row i's prompt is followed by the completion of the row before it, the first
 * row's by that of the last. A block of one row is its own partner.
 * @param blocks - row indices; together every row from 0 to n − 1, once
 * @returns for each row, the row whose completion follows its prompt; shape `[n]`
 * @see trl/trainer/kto_trainer.py `add_kl_completion_ids`
 */
export function klPartners(blocks: readonly (readonly number[])[]): Int32Array {
  const partners = new Int32Array(blocks.reduce((count, block) => count + block.length, 0));
  for (const block of blocks) {
    block.forEach((row, i) => (partners[row] = block.at(i - 1) as number));
  }
  return partners;
}

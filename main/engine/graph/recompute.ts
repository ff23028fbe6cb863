/**
 * @file Gradient checkpointing: values of a region are not kept for the backward pass but computed again in it.
 *
 * The second computation starts from inputs behind a Barrier on the incoming gradient. Without it, the recomputed part depends on
 * nothing late, a scheduler may run it early, and no memory is saved.
 */
import { makeNode } from './node.ts';
import type { Node } from './node.ts';

/**
 * Runs `body` on `inputs`; its inner values are recomputed in the backward pass.
 *
 * Gradients flow to `inputs` only: whatever `body` uses from outside is a constant to it. Each output through which a gradient comes back
 * costs one recomputation, so all outputs but one should be detached by their users.
 */
export function recompute(body: (inputs: readonly Node[]) => readonly Node[], inputs: readonly Node[]): readonly Node[] {
  return body(inputs).map((value, outputIndex) => makeNode('Recompute', [value, ...inputs], { region: { body, outputIndex } }));
}

/** @file Lowering for the CPU provider: its fused kernels, each kept because it was measured faster than the standard operations. */
import { inputOf } from '#engine/graph/node.ts';
import type { LoweringTable } from './lowering.ts';
import { standardOps } from './ops-standard.ts';

export const cpuOps: LoweringTable = {
  ...standardOps,

  // Transposes inside the product: a weight [out, in] is never copied.
  MatMul: (writer, node, inputs) => {
    const { transA, transB, alpha } = node.attributes;
    if (!transA && !transB && alpha === 1) return writer.node('MatMul', inputs);
    const attributes = { transA: transA ? 1 : 0, transB: transB ? 1 : 0, alpha: { float: alpha } };
    return writer.node('FusedMatMul', inputs, { domain: 'com.microsoft', attributes });
  },

  // ScatterND would be shorter, but its threads add to one row at the same time, and some of what they add is lost.
  ScatterAdd: (writer, node, [updates = '', index = '', like = '']) => {
    const rank = inputOf(node, 2).shape.length;
    const flat = writer.node('Reshape', [index, writer.int64([-1, ...new Array<number>(rank - 1).fill(1)])]); // [I, 1, …]
    const row = writer.node('Shape', [like], { attributes: { start: 1 } });
    const values = writer.node('Reshape', [updates, writer.node('Concat', [writer.int64([-1]), row], { attributes: { axis: 0 } })]); // [I, …]
    const places = writer.node('Expand', [flat, writer.node('Shape', [values])]); // [I, …]
    const zeros = writer.node('ConstantOfShape', [writer.node('Shape', [like])]);
    return writer.node('ScatterElements', [zeros, places, values], { attributes: { axis: 0, reduction: 'add' } });
  },

  RMSNormalization: (writer, node, inputs) =>
    writer.node('SimplifiedLayerNormalization', inputs, { attributes: { axis: -1, epsilon: { float: node.attributes.epsilon } } }),

  // Its position_ids of one element is an offset: row t of the batch uses row t of our tables.
  RotaryEmbedding: (writer, node, [x = '', cos = '', sin = '']) => {
    const width = inputOf(node, 0).shape[1] as number;
    const batch = writer.node('Unsqueeze', [x, writer.int64([0])]); // [1, T, heads·H]
    const rotated = writer.node('RotaryEmbedding', [batch, writer.int64([0]), cos, sin], { domain: 'com.microsoft' });
    return writer.node('Reshape', [rotated, writer.int64([-1, width])]); // [T, heads·H]
  },
};

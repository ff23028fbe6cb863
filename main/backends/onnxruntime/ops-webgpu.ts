/**
 * @file Lowering for the WebGPU provider. FusedMatMul and the fused norms of the CPU table have no WebGPU kernel here and would go through the
 * processor; with standard operations every node of a training step runs on the device.
 */
import { inputOf } from '#engine/graph/node.ts';
import type { LoweringTable } from './lowering.ts';
import type { OnnxWriter } from './onnx-writer.ts';
import { placesOf, scatterElements, scatterRows, standardOps } from './ops-standard.ts';

/** ConstantOfShape exists on the processor only; a zero expanded to the shape is made on the device. */
function zerosLike(writer: OnnxWriter, like: string): string {
  return writer.node('Expand', [writer.scalar(0), writer.node('Shape', [like])]);
}

/** Gemm transposes inside the product, of matrices only: a weight [out, in] is not copied, nor is the factor a pass of its own. */
export const gemmOrMatMul: LoweringTable['MatMul'] = (writer, node, inputs) => {
  const { transA, transB, alpha } = node.attributes;
  const isPlain = !transA && !transB && alpha === 1;
  if (isPlain || node.inputs.some(({ shape }) => shape.length !== 2)) return standardOps.MatMul(writer, node, inputs);
  return writer.node('Gemm', inputs, { attributes: { transA: transA ? 1 : 0, transB: transB ? 1 : 0, alpha: { float: alpha } } });
};

export const webgpuOps: LoweringTable = {
  ...standardOps,
  MatMul: gemmOrMatMul,
  // ArgMax gives int64, which can't be cast on the device but may be an index: it takes itself as int32 from a table of all indices.
  ArgMax: (writer, node, inputs) => {
    const size = inputOf(node, 0).shape.at(-1);
    if (typeof size !== 'number') return standardOps.ArgMax(writer, node, inputs);
    const indices = writer.constant({ dtype: 'int32', dims: [size], data: Int32Array.from({ length: size }, (_, i) => i) });
    const first = writer.node('ArgMax', inputs, { attributes: { axis: -1, keepdims: 0 } });
    return writer.node('Gather', [indices, first], { attributes: { axis: 0 } });
  },
  ScatterAdd: scatterRows(zerosLike, (writer, node, index) => {
    const { op, shape } = inputOf(node, 1);
    // int64 is computed on the processor only, but may be fed.
    return op === 'Input' ? writer.places(index, shape) : placesOf(writer, index);
  }),
  ScatterElementsAdd: scatterElements(zerosLike),
};

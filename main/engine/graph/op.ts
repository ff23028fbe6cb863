/**
 * @file The operations of the graph, once. Names and semantics are ONNX's, except the last group, which are ours. Each
 * rule table (`infer-shape`, `gradient-rules`, `reference-rules`, a backend's lowering) is `{[Name in OpName]: rule}`, so that an
 * operation without a rule does not compile.
 */
import type { DType, Tensor } from '#engine/tensor/tensor.ts';
import type { Node } from './node.ts';
import type { Shape } from './shape.ts';

type None = Readonly<Record<never, never>>;
interface Reduce {
  /** Sorted, non-negative. */
  readonly axes: readonly number[];
  readonly keepDims: boolean;
}

export interface OpAttributes {
  // Leaves
  /** A value fed at every run. */
  Input: { readonly name: string; readonly dtype: DType; readonly shape: Shape };
  /** A frozen weight, found by name in the weight file. `exact`: products with it are computed in float32, whatever others are computed in. */
  Parameter: { readonly name: string; readonly shape: Shape; readonly exact: boolean };
  Constant: { readonly tensor: Tensor };

  // Elementwise, with NumPy broadcasting
  Add: None;
  Sub: None;
  Mul: None;
  Div: None;
  Neg: None;
  Exp: None;
  Log: None;
  Sqrt: None;
  Sigmoid: None;
  /** log(1 + exp(x)) */
  Softplus: None;
  Relu: None;
  /** Both sides int32 or float32; gives bool. */
  Equal: None;
  Greater: None;
  Cast: { readonly to: DType };

  // Products
  /**
   * `alpha · op(A) · op(B)` over the last two axes, leading axes broadcast. `transA`/`transB` swap the last two axes first, as in ONNX
   * Runtime's FusedMatMul, so that Hugging Face's `[out, in]` weights are used as they lie in the file.
   */
  MatMul: { readonly transA: boolean; readonly transB: boolean; readonly alpha: number };

  // Along axes
  ReduceSum: Reduce;
  ReduceMean: Reduce;
  ReduceMax: Reduce;
  /** Over the last axis. */
  Softmax: None;
  /** log Σ exp over the last axis, which stays with size 1. */
  ReduceLogSumExp: None;
  /** Index of the first greatest element of the last axis, which goes; gives int32. */
  ArgMax: None;

  // Shapes
  Reshape: { readonly shape: Shape };
  Transpose: { readonly permutation: readonly number[] };
  /** To a shape that the input broadcasts to; needs the second input, a node of that shape, when a dimension is symbolic. */
  Expand: { readonly shape: Shape };
  Concat: { readonly axis: number };
  /** One axis, step 1, `end` exclusive; both are numbers within a numeric dimension. */
  Slice: { readonly axis: number; readonly start: number; readonly end: number };

  // Indexing
  /** Rows of axis 0: `[R, …]`, int32 `[…I]` → `[…I, …]`. */
  Gather: None;
  /** Zeros of `shape` (its rows), plus each row of updates added at its index: the gradient of Gather. Inputs: updates, int32 indices, and a node of the target's shape. */
  ScatterAdd: None;
  /** `x[…, index]` per row of the last axis: `[M, V]`, int32 `[M, J]` → `[M, J]`. */
  GatherElements: None;
  /** Gradient of GatherElements: adds updates into zeros shaped like the third input. */
  ScatterElementsAdd: None;

  // Model parts that have fused kernels
  /** x / sqrt(mean(x²) + epsilon) · scale over the last axis. */
  RMSNormalization: { readonly epsilon: number };
  /** Rotates the halves of each head (not interleaved): x `[T, heads·H]`, cos and sin `[T, H/2]`. */
  RotaryEmbedding: { readonly headDim: number };

  // Ours
  /** Identity, no gradient. */
  StopGradient: None;
  /**
   * Rows by index, where −1 gives a row of zeros: x `[…R, D]`, index `[…I]` into the flattened `R`, inverse `[…R]` into the flattened `I` →
   * `[…I, D]`. `inverse` says where each row of x went (−1: nowhere), which makes the gradient another GatherRows instead of a scatter;
   * a row may therefore be taken once only.
   */
  GatherRows: None;
  /** The first input, not computed before the second is there: keeps a recomputed forward from being scheduled early. */
  Barrier: None;
  /**
   * A value whose gradient is already known: value `[M, 1]`, x `[M, D]` it was computed from, slope `[M, D]` = ∂value/∂x, where row m of the value
   * depends on row m of x only. Gives the value; passes dy · slope to x.
   */
  Linearised: None;
  /** First input: the value. The others: what it is recomputed from in the backward pass (see recompute.ts). */
  Recompute: { readonly region: RecomputeRegion };
}

export interface RecomputeRegion {
  readonly body: (inputs: readonly Node[]) => readonly Node[];
  readonly outputIndex: number;
}

export type OpName = keyof OpAttributes;

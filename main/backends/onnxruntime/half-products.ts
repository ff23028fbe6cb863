/**
 * @file Products with frozen weights in float16, everything else in float32: what `torch.autocast` does to linear layers. The head, and with it logits,
 * log-sum-exp and the loss, stays in float32, as do attention, norms, the residual stream, and LoRA with its gradients.
 *
 * Each left side is divided by its largest absolute value before it is rounded, and the product multiplied by it. A gradient then never becomes too
 * small, nor an activation too large, for float16's five bits of exponent: what loss scaling is for elsewhere, without a scale to be found.
 */
import type { Node, NodeOf } from '#engine/graph/node.ts';
import { inputOf } from '#engine/graph/node.ts';
import type { LoweringRule } from './lowering.ts';
import type { OnnxWriter } from './onnx-writer.ts';

/** onnx.TensorProto.DataType */
const FLOAT = 1;
const FLOAT16 = 10;
/** Times a float32 number and back: what is left has the eleven digits of float16 (Veltkamp's splitting). */
const SPLITTER = 2 ** 13 + 1;
/** An input of zeros has no largest value to be divided by. */
const SMALLEST = 1e-30;

/** The processor has no kernel for products of float16: it rounds their sides and results, and computes in float32, which is what a card does that adds up in float32. */
export type HalfKind = 'computed' | 'rehearsed';

/** `x · W` and `x · Wᵀ` of a matrix x. */
export function isHalfProduct(node: Node): node is NodeOf<'MatMul'> {
  if (node.op !== 'MatMul' || node.attributes.transA || node.attributes.alpha !== 1) return false;
  const [x, weight] = [inputOf(node, 0), inputOf(node, 1)];
  return weight.op === 'Parameter' && weight.shape.length === 2 && !weight.attributes.exact && x.shape.length === 2 && x.op !== 'Parameter';
}

/** Left sides are rounded once for all products that take them: three of them take the input of attention. */
export class HalfProducts {
  readonly #writer: OnnxWriter;
  readonly #rule: LoweringRule<'MatMul'>;
  readonly #kind: HalfKind;
  readonly #rounded = new Map<string, { readonly half: string; readonly largest: string }>();

  /** @param rule - the provider's own for a product */
  constructor(writer: OnnxWriter, rule: LoweringRule<'MatMul'>, kind: HalfKind) {
    this.#writer = writer;
    this.#rule = rule;
    this.#kind = kind;
  }

  /** @param weight - name of the weight in float16 @returns the product in float32 */
  lower(node: NodeOf<'MatMul'>, x: string, weight: string): string {
    const { half, largest } = this.#leftSide(x);
    if (this.#kind === 'computed') {
      const product = this.#rule(this.#writer, node, [half, weight]);
      return this.#writer.node('Mul', [this.#cast(product, FLOAT), largest]);
    }
    const product = this.#rule(this.#writer, node, [half, this.#cast(weight, FLOAT)]);
    return this.#writer.node('Mul', [this.#rehearse(product), largest]);
  }

  #leftSide(x: string) {
    const known = this.#rounded.get(x);
    if (known) return known;
    const axes = this.#writer.int64([0, 1]);
    const sizes = this.#writer.node('Abs', [x]);
    const most = this.#writer.node('ReduceMax', [sizes, axes], { attributes: { keepdims: 1 } }); // [1, 1]
    const largest = this.#writer.node('Max', [most, this.#writer.scalar(SMALLEST)]);
    const divided = this.#writer.node('Div', [x, largest]);
    const half = this.#kind === 'computed' ? this.#cast(divided, FLOAT16) : this.#rehearse(divided);
    const rounded = { half, largest };
    this.#rounded.set(x, rounded);
    return rounded;
  }

  /** Rounds as float16 would. A cast there and back would be taken for superfluous by the runtime, and left out. */
  #rehearse(x: string): string {
    const large = this.#writer.node('Mul', [x, this.#writer.scalar(SPLITTER)]);
    return this.#writer.node('Sub', [large, this.#writer.node('Sub', [large, x])]);
  }

  #cast(value: string, to: number): string {
    return this.#writer.node('Cast', [value], { attributes: { to } });
  }
}

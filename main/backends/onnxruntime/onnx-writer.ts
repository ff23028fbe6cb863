/** @file Writes an ONNX model node by node; the only place that knows the protobuf. */
import { create, toBinary } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  StringStringEntryProtoSchema,
  TensorProto_DataLocation,
  TensorProto_DataType,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  ValueInfoProtoSchema,
} from 'onnx-buf';
import type { AttributeProto, NodeProto, TensorProto, ValueInfoProto } from 'onnx-buf';
import type { WeightDtype, WeightRange } from '#engine/graph/backend.ts';
import type { Shape } from '#engine/graph/shape.ts';
import type { DType, Tensor } from '#engine/tensor/tensor.ts';

/** The newest standard set that all providers of ONNX Runtime 1.30 implement. */
const OPSET = 21n;
/** ONNX IR version that goes with it. */
const IR_VERSION = 10n;

const DATA_TYPES = {
  float32: TensorProto_DataType.FLOAT,
  float16: TensorProto_DataType.FLOAT16,
  bfloat16: TensorProto_DataType.BFLOAT16,
  int32: TensorProto_DataType.INT32,
  int64: TensorProto_DataType.INT64,
  bool: TensorProto_DataType.BOOL,
} as const;

/** Integer numbers become INT(S) unless written as `{float}`. */
export type AttributeValue = number | readonly number[] | string | { readonly float: number };

export interface NodeOptions {
  readonly domain?: 'com.microsoft';
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
}

export class OnnxWriter {
  readonly #nodes: NodeProto[] = [];
  readonly #widenings: NodeProto[] = [];
  readonly #initializers = new Map<string, TensorProto>();
  readonly #inputs: ValueInfoProto[] = [];
  readonly #outputs: ValueInfoProto[] = [];
  readonly #places = new Map<string, string>();
  readonly #fedWeights = new Set<string>();
  readonly #halfWeights = new Map<string, string>();

  /** Adds a node with one result and returns the result's name. An omitted optional input is `''`. */
  node(opType: string, input: readonly string[], { domain, attributes = {} }: NodeOptions = {}): string {
    const output = `v${this.#nodes.length}`;
    this.#nodes.push(
      create(NodeProtoSchema, {
        opType,
        name: `${opType}_${this.#nodes.length}`,
        domain: domain ?? '',
        input: [...input],
        output: [output],
        attribute: Object.entries(attributes).map(([name, value]) => attribute(name, value)),
      }),
    );
    return output;
  }

  input(name: string, dtype: DType, shape: Shape): string {
    this.#inputs.push(valueInfo(name, dtype, shape));
    return name;
  }

  /** A weight that is fed; both streams of a decoder ask for it. */
  fedWeight(name: string, shape: Shape): string {
    if (!this.#fedWeights.has(name)) this.input(name, 'float32', shape);
    this.#fedWeights.add(name);
    return name;
  }

  /**
   * An int32 input of indices once more, as ScatterND takes them: int64, with a last axis of one. It is fed beside the input itself, where a
   * provider would go through the processor to convert it.
   */
  places(input: string, shape: Shape): string {
    const name = `${input}/places`;
    if (!this.#places.has(name)) this.#inputs.push(valueInfo(name, 'int64', [...shape, 1]));
    this.#places.set(name, input);
    return name;
  }

  /** Names made by `places`, with the input that each is made of. */
  get placesInputs(): ReadonlyMap<string, string> {
    return this.#places;
  }

  /** Declares a result; it gets a name of its own through an Identity, so that an input may be an output too. */
  output(name: string, from: string, dtype: DType, shape: Shape): void {
    this.#nodes.push(create(NodeProtoSchema, { opType: 'Identity', name: `output_${name}`, input: [from], output: [name] }));
    this.#outputs.push(valueInfo(name, dtype, shape));
  }

  /** A small tensor inside the model file. */
  constant(tensor: Tensor): string {
    const { data } = tensor;
    return this.#constant(tensor.dtype, tensor.dims, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }

  /** The same numbers always give the same name, so that a shape used a thousand times is stored once. */
  int64(values: readonly number[], dims: readonly number[] = [values.length]): string {
    return this.#constant('int64', dims, new Uint8Array(BigInt64Array.from(values, BigInt).buffer));
  }

  scalar(value: number): string {
    return this.#constant('float32', [], new Uint8Array(Float32Array.of(value).buffer));
  }

  /**
   * Numbers at an offset of a file beside the model; used in place. Those of a half type are declared as inputs with a default, which keeps
   * the runtime from widening them once and for all when the session opens; unless that is wanted.
   */
  external(
    name: string,
    { file, dtype, shape, byteOffset, byteLength }: WeightRange,
    { replaceable }: { readonly replaceable: boolean },
  ): string {
    const entries = { location: file, offset: String(byteOffset), length: String(byteLength) };
    this.#initializers.set(
      name,
      create(TensorProtoSchema, {
        name,
        dataType: DATA_TYPES[dtype],
        dims: shape.map(BigInt),
        dataLocation: TensorProto_DataLocation.EXTERNAL,
        externalData: Object.entries(entries).map(([key, value]) => create(StringStringEntryProtoSchema, { key, value })),
      }),
    );
    if (dtype !== 'float32' && replaceable) this.#inputs.push(valueInfo(name, dtype, shape));
    return name;
  }

  /** A weight in float16, whatever it is stored as; forward and backward pass ask for it. */
  halfWeight(name: string, range: WeightRange): string {
    const known = this.#halfWeights.get(name);
    if (known !== undefined) return known;
    const stored = this.external(`${name}/stored`, range, { replaceable: false });
    const half = range.dtype === 'float16' ? stored : this.node('Cast', [stored], { attributes: { to: DATA_TYPES.float16 } });
    this.#halfWeights.set(name, half);
    return half;
  }

  /**
   * A half weight as float32, for one user only. It stands before all other nodes: of a node's inputs the runtime computes the one that was
   * written last first, so this one comes last, right before its user, and is freed right after it.
   */
  widened(weight: string): string {
    const output = `widened/${this.#widenings.length}`;
    this.#widenings.push(castToFloat32(weight, output));
    return output;
  }

  /** A computed half value as float32. */
  toFloat32(value: string): string {
    const output = `v${this.#nodes.length}`;
    this.#nodes.push(castToFloat32(value, output));
    return output;
  }

  toBytes(): Uint8Array {
    const model = create(ModelProtoSchema, {
      irVersion: IR_VERSION,
      producerName: 'prospect',
      opsetImport: [
        create(OperatorSetIdProtoSchema, { domain: '', version: OPSET }),
        create(OperatorSetIdProtoSchema, { domain: 'com.microsoft', version: 1n }),
      ],
      graph: create(GraphProtoSchema, {
        name: 'prospect',
        node: [...this.#widenings, ...this.#nodes],
        initializer: [...this.#initializers.values()],
        input: this.#inputs,
        output: this.#outputs,
      }),
    });
    return toBinary(ModelProtoSchema, model);
  }

  #constant(dtype: keyof typeof DATA_TYPES, dims: readonly number[], rawData: Uint8Array): string {
    const key = `${dtype}[${dims.join(',')}]${Buffer.from(rawData).toString('base64')}`;
    const known = this.#constantNames.get(key);
    if (known !== undefined) return known;
    const name = `c${this.#constantNames.size}`;
    this.#constantNames.set(key, name);
    this.#initializers.set(
      name,
      create(TensorProtoSchema, { name, dataType: DATA_TYPES[dtype], dims: dims.map(BigInt), rawData: Uint8Array.from(rawData) }),
    );
    return name;
  }

  readonly #constantNames = new Map<string, string>();
}

function attribute(name: string, value: AttributeValue): AttributeProto {
  const { INT, INTS, FLOAT, STRING } = AttributeProto_AttributeType;
  if (typeof value === 'string') return create(AttributeProtoSchema, { name, type: STRING, s: new TextEncoder().encode(value) });
  if (typeof value === 'number') return create(AttributeProtoSchema, { name, type: INT, i: BigInt(value) });
  if ('float' in value) return create(AttributeProtoSchema, { name, type: FLOAT, f: value.float });
  return create(AttributeProtoSchema, { name, type: INTS, ints: value.map(BigInt) });
}

function castToFloat32(input: string, output: string): NodeProto {
  return create(NodeProtoSchema, {
    opType: 'Cast',
    name: `Cast_${output}`,
    input: [input],
    output: [output],
    attribute: [attribute('to', DATA_TYPES.float32)],
  });
}

function valueInfo(name: string, dtype: DType | WeightDtype | 'int64', shape: Shape): ValueInfoProto {
  const dim = shape.map((size) =>
    create(TensorShapeProto_DimensionSchema, {
      value: typeof size === 'number' ? { case: 'dimValue', value: BigInt(size) } : { case: 'dimParam', value: size },
    }),
  );
  const tensorType = create(TypeProto_TensorSchema, { elemType: DATA_TYPES[dtype], shape: create(TensorShapeProtoSchema, { dim }) });
  return create(ValueInfoProtoSchema, { name, type: create(TypeProtoSchema, { value: { case: 'tensorType', value: tensorType } }) });
}

/** @file Makes safetensors files by hand, right or wrong, without the code under test. */

/**
 * @param header - written as JSON, or as it is if it is text
 * @param options.pad - spaces after the header, to move the tensors' bytes
 * @param options.length - the length to claim, if not the header's own
 */
export function safetensorsBytes(
  header: unknown,
  data: Uint8Array = new Uint8Array(0),
  options: { readonly pad?: number; readonly length?: bigint } = {},
): Uint8Array {
  const text = typeof header === 'string' ? header : JSON.stringify(header);
  const json = new TextEncoder().encode(text + ' '.repeat(options.pad ?? 0));
  const bytes = new Uint8Array(8 + json.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, options.length ?? BigInt(json.length), true);
  bytes.set(json, 8);
  bytes.set(data, 8 + json.length);
  return bytes;
}

/** The bytes of a typed array. */
export function bytesOf(values: ArrayBufferView): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** @file How much memory WebAssembly has. A kernel that gets none writes over what is there, so what would not fit must be refused before. */
export const WASM_BYTES = 2 ** 31;

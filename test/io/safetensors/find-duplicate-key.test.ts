import { describe, expect, it } from 'vitest';
import { findDuplicateKey } from '#io/safetensors/find-duplicate-key.ts';

describe('finding a key given twice', () => {
  it('finds it in the outer object and in an inner one', () => {
    expect(findDuplicateKey('{"a":1, "b":2, "a" : 3}')).toBe('a');
    expect(findDuplicateKey('{"a":{"x":1,"x":2}}')).toBe('x');
    expect(findDuplicateKey('[{"a":1},{"b":[{"c":0,"c":0}]}]')).toBe('c');
  });

  it('sees through escapes', () => {
    expect(findDuplicateKey(String.raw`{"q\"a":1,"q\u0022a":2}`)).toBe('q"a');
  });

  it('is not confused by equal values, keys of other objects or braces in texts', () => {
    expect(findDuplicateKey('{"a":"b","b":"a","c":{"a":1},"d":["a","a"],"e":"{\\"a\\":1,"}')).toBeNull();
    expect(findDuplicateKey('{}')).toBeNull();
  });
});

/** The bits of a key: it stays a small integer, which V8 keeps without an object. */
const keyBits = 30;

/** One number for a text, always the same: in each worker, on each machine, after each restart. From 0 to below 2^30. */
export function hashOf(text: string): number {
  // FNV-1a, which is quick on short texts, with a mix at the end since its low bits alone are poor.
  let hash = 0x81_1c_9d_c5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01_00_01_93);
  return mix(hash) >>> (32 - keyBits);
}

/** Scatters a number over 32 bits, with its sign: the end of MurmurHash3. */
export function mix(number: number): number {
  let mixed = number;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85_eb_ca_6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2_b2_ae_35);
  return mixed ^ (mixed >>> 16);
}

/**
 * The weight among the parameters of one part of an `Accept` or `Accept-Language` header, from 0 to 1 (RFC 9110, 12.4.2);
 * 1 when it has none. One that is malformed counts as 0, so its part is passed over. More digits than the three that the
 * RFC allows are read: programs work weights out.
 */
export function readQuality(parameters: readonly string[]): number {
  for (const parameter of parameters) {
    const text = /^\s*q\s*=(.*)$/i.exec(parameter)?.[1]?.trim();
    if (text === undefined) continue;
    const weight = /^[01](?:\.\d*)?$/.test(text) ? Number(text) : 0;
    return weight <= 1 ? weight : 0;
  }
  return 1;
}

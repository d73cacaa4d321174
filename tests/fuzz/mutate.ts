import type { Random } from './random.ts';

const BYTES = [
  '\r',
  '\n',
  '\0',
  ' ',
  '\t',
  ':',
  ';',
  ',',
  '0',
  'x',
  '-',
  '_',
  '+',
  '"',
  '\\',
  '\x7f',
  '\xff',
  '\x0b',
  '#',
  '%',
];
const PIECES = [
  ...['\r\n', '\n\n', '\r\r\n', '\r\n ', '\r\n\r\n', ' HTTP/1.1', 'Host: b\r\n', 'Content-Length: 3\r\n'],
  ...[
    'Transfer-Encoding: chunked\r\n',
    'GET / HTTP/1.1\r\n',
    '0\r\n\r\n',
    '5\r\nhello\r\n',
    ', chunked',
    '0x',
    '00000000',
  ],
  ...['Connection: close\r\n', 'fffffffffffffffff', ';a=b', '\t', '\xa0', '\x85'],
];

/** Damages the bytes in a few places; often not at all. */
export function mutate(random: Random, bytes: string): string {
  let result = bytes;
  if (random.chance(30)) return result;
  for (let n = random.chance(70) ? 1 : 2 + random.below(2); n > 0 && result.length > 0; n--)
    result = mutateOnce(random, result);
  return result;
}

function mutateOnce(random: Random, bytes: string): string {
  const at = random.below(bytes.length);
  const before = bytes.slice(0, at);
  const after = bytes.slice(at);
  switch (random.below(10)) {
    case 0: // flip a bit
      return before + String.fromCharCode(after.charCodeAt(0) ^ (1 << random.below(8))) + after.slice(1);
    case 1: // any byte in its place
      return before + String.fromCharCode(random.below(256)) + after.slice(1);
    case 2:
      return before + random.pick(BYTES) + after;
    case 3:
      return before + random.pick(BYTES) + after.slice(1);
    case 4: // lose some
      return before + after.slice(1 + random.below(4));
    case 5:
      return before + random.pick(PIECES) + after;
    case 6: // say a part twice
      return before + after.slice(0, 1 + random.below(12)) + after;
    case 7: // say a line twice, perhaps elsewhere
      return repeatLine(random, bytes);
    case 8: // change a digit: versions, lengths, sizes
      return changeDigit(random, bytes);
    default: // put two parts of the message together
      return before + bytes.slice(random.below(bytes.length));
  }
}

function repeatLine(random: Random, bytes: string): string {
  const lines = bytes.split('\r\n');
  lines.splice(random.below(lines.length), 0, random.pick(lines));
  return lines.join('\r\n');
}

function changeDigit(random: Random, bytes: string): string {
  const places = [...bytes.matchAll(/[0-9]/g)].map((match) => match.index);
  if (places.length === 0) return bytes;
  const at = random.pick(places);
  return bytes.slice(0, at) + random.pick(['0', '1', '2', '5', '9', 'a', 'F', '', '00']) + bytes.slice(at + 1);
}

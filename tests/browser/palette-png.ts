import { crc32, deflateSync, inflateSync } from 'node:zlib';

/** A picture of the screen, decoded: three bytes for each pixel. */
interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgb: Buffer;
}

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const mostColours = 256;

/**
 * The same picture with 256 colours at most, in less than half the bytes: pictures of pages have some thousand colours, nearly all of
 * them at the edges of letters. Reads what Chromium writes: 8 bits a channel, not interlaced; opaque.
 */
export function palettePng(png: Buffer): Buffer {
  const { width, height, rgb } = decode(png);
  const counts = new Map<number, number>();
  for (let at = 0; at < rgb.length; at += 3) {
    const colour = rgb.readUIntBE(at, 3);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const boxes = boxesOf(counts);
  const indexes = new Map(boxes.flatMap((box, index) => box.map((colour) => [colour, index] as const)));
  const palette = Buffer.alloc(boxes.length * 3);
  // What there is most of stays exactly as it is: the background, and the text itself.
  boxes.forEach((box, index) => palette.writeUIntBE(commonest(box, counts), index * 3, 3));
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1)
      rows[y * (width + 1) + 1 + x] = indexes.get(rgb.readUIntBE((y * width + x) * 3, 3)) ?? 0;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // 8 bits a pixel, which name a colour of the palette.
  header.set([8, 3], 8);
  const parts = [
    chunk('IHDR', header),
    chunk('PLTE', palette),
    chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ];
  return Buffer.concat([signature, ...parts]);
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

function decode(png: Buffer): Pixels {
  const packed: Buffer[] = [];
  let header = Buffer.alloc(13);
  for (let at = signature.length; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const name = png.toString('latin1', at + 4, at + 8);
    const data = png.subarray(at + 8, at + 8 + length);
    if (name === 'IHDR') header = Buffer.from(data);
    if (name === 'IDAT') packed.push(data);
    at += 12 + length;
  }
  const [depth, kind, , , interlaced] = header.subarray(8);
  if (depth !== 8 || (kind !== 2 && kind !== 6) || interlaced !== 0)
    throw new Error(`Cannot read a PNG of ${depth} bits and kind ${kind}: Chromium writes 8 bits of kind 2 or 6`);
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const bytes = kind === 6 ? 4 : 3;
  const lines = unfilter(inflateSync(Buffer.concat(packed)), width * bytes, height, bytes);
  const rgb = Buffer.alloc(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel += 1) lines.copy(rgb, pixel * 3, pixel * bytes, pixel * bytes + 3);
  return { width, height, rgb };
}

/** Takes back what each line was written as: the difference to what is left of it and above it. */
function unfilter(data: Buffer, line: number, height: number, bytes: number): Buffer {
  const out = Buffer.alloc(line * height);
  for (let y = 0; y < height; y += 1) {
    const filter = data[y * (line + 1)] ?? 0;
    for (let x = 0; x < line; x += 1) {
      const at = y * line + x;
      const left = x >= bytes ? (out[at - bytes] ?? 0) : 0;
      const above = y > 0 ? (out[at - line] ?? 0) : 0;
      const corner = x >= bytes && y > 0 ? (out[at - line - bytes] ?? 0) : 0;
      const guess = [0, left, above, (left + above) >> 1, nearest(left, above, corner)][filter] ?? 0;
      out[at] = (data[y * (line + 1) + 1 + x] ?? 0) + guess;
    }
  }
  return out;
}

/** Whichever of the three is nearest to `left + above - corner`. */
function nearest(left: number, above: number, corner: number): number {
  const guess = left + above - corner;
  const [toLeft, toAbove, toCorner] = [left, above, corner].map((each) => Math.abs(guess - each)) as [
    number,
    number,
    number,
  ];
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}

/** Colours that are to become one: the box in which colours differ most is cut in two, until there are enough. */
function boxesOf(counts: ReadonlyMap<number, number>): readonly (readonly number[])[] {
  const boxes: { readonly colours: readonly number[]; readonly range: number; readonly shift: number }[] = [
    boxOf([...counts.keys()]),
  ];
  while (boxes.length < mostColours) {
    const widest = boxes.reduce((best, box, index) => (box.range > (boxes[best]?.range ?? 0) ? index : best), 0);
    const box = boxes[widest];
    if (box === undefined || box.range === 0) break;
    const values = box.colours.map((colour) => (colour >> box.shift) & 255);
    const middle = (Math.min(...values) + Math.max(...values)) / 2;
    const isLow = (colour: number): boolean => ((colour >> box.shift) & 255) <= middle;
    boxes.splice(widest, 1, boxOf(box.colours.filter(isLow)), boxOf(box.colours.filter((colour) => !isLow(colour))));
  }
  return boxes.map(({ colours }) => colours);
}

function boxOf(colours: readonly number[]): { colours: readonly number[]; range: number; shift: number } {
  let [range, shift] = [-1, 0];
  for (const each of [16, 8, 0]) {
    const values = colours.map((colour) => (colour >> each) & 255);
    const difference = Math.max(...values) - Math.min(...values);
    if (difference > range) [range, shift] = [difference, each];
  }
  return { colours, range, shift };
}

function commonest(box: readonly number[], counts: ReadonlyMap<number, number>): number {
  return box.reduce(
    (best, colour) => ((counts.get(colour) ?? 0) > (counts.get(best) ?? 0) ? colour : best),
    box[0] ?? 0,
  );
}

/** A way to cut bytes into pieces. */
export interface Split {
  readonly name: string;
  cut(bytes: Buffer): readonly Buffer[];
}

const whole: Split = { name: 'whole', cut: (bytes) => [bytes] };
const byteByByte: Split = {
  name: 'byte by byte',
  cut: (bytes) => Array.from(bytes, (_, at) => bytes.subarray(at, at + 1)),
};

/** Whole, byte by byte, and at random places; the generator is seeded, so that a failure comes again. */
export function splits(randomOnes: number): readonly Split[] {
  const random = Array.from({ length: randomOnes }, (_, n) => ({
    name: `random split ${n}`,
    cut: (bytes: Buffer) => cutRandomly(bytes, n),
  }));
  return [whole, byteByByte, ...random];
}

function cutRandomly(bytes: Buffer, seed: number): readonly Buffer[] {
  let state = seed + 1;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = 1 + random(seed % 2 === 0 ? 7 : 60);
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
}

/**
 * Sends the pieces so that each arrives by itself: peers on loopback have a piece as soon as it is written, and read it
 * when the event loop has come around.
 */
export async function sendInPieces(send: (piece: Buffer) => void, pieces: readonly Buffer[]): Promise<void> {
  for (const piece of pieces) {
    send(piece);
    if (pieces.length > 1) await loopTurn();
  }
}

/** Lets the event loop go around once: what is on its way on loopback arrives. */
export function loopTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

import { createServer, type Server } from 'node:net';
import { askForHandover } from './handover.ts';
import { startListening } from './lone-seat.ts';
import type { ListenAddress } from './worker-seat.ts';

interface Bound {
  readonly address: string;
  readonly port: number;
}

/**
 * Makes `server` listen; where workers of a primary that has died still do, takes the address over from them without a
 * moment in which nobody listens. Rejects with the system's error, EADDRINUSE too if anybody else has the address.
 *
 * @param folder where such workers can be asked
 */
export async function bindOrTakeOver(server: Server, where: ListenAddress, folder: string): Promise<Bound> {
  try {
    // Alone: this fails wherever somebody listens, and what is bound next would not.
    const { port } = await tryAlone(where);
    return await listenShared(server, { ...where, port });
  } catch (error) {
    if (codeOf(error) !== 'EADDRINUSE' || !(await askForHandover(folder, 'has', where.port))) throw error;
  }
  try {
    const bound = await listenShared(server, where);
    await askForHandover(folder, 'release', where.port);
    return bound;
  } catch (error) {
    if (codeOf(error) !== 'EADDRINUSE') throw error;
    // They could not share it, so it has to be free first.
    await askForHandover(folder, 'release', where.port);
    return listenShared(server, where);
  }
}

async function tryAlone(where: ListenAddress): Promise<Bound> {
  // Who connects in this moment would have been refused a moment ago.
  const alone = createServer((socket) => socket.destroy());
  const bound = await startListening(alone, where);
  alone.close();
  return bound;
}

/** Listens so that a successor can join; where the system does not know that, as usual. */
async function listenShared(server: Server, where: ListenAddress): Promise<Bound> {
  try {
    return await startListening(server, { ...where, reusePort: true });
  } catch (error) {
    if (codeOf(error) === 'EADDRINUSE') throw error;
    return startListening(server, where);
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

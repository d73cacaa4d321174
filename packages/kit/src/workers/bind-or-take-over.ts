import { createServer, type Server } from 'node:net';
import { askForHandover } from './handover.ts';
import { startListening } from './lone-seat.ts';
import type { ListenAddress } from './worker-seat.ts';

interface Bound {
  readonly address: string;
  readonly port: number;
}

/**
 * Makes `server` listen; if workers of a primary that died still listen, takes the address over from them without a gap.
 * Rejects with the system's error, including EADDRINUSE if anybody else has the address.
 *
 * @param folder where such workers can be asked
 */
export async function bindOrTakeOver(server: Server, where: ListenAddress, folder: string): Promise<Bound> {
  try {
    // Exclusively: this fails if anybody listens; the shared bind that follows would not.
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
    // The address could not be shared, so it must be free first.
    await askForHandover(folder, 'release', where.port);
    return listenShared(server, where);
  }
}

async function tryAlone(where: ListenAddress): Promise<Bound> {
  // A client that connects at this moment would have been refused a moment ago.
  const alone = createServer((socket) => socket.destroy());
  const bound = await startListening(alone, where);
  alone.close();
  return bound;
}

/** Listens so that a successor can join; as usual if the system does not support that. */
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

/**
 * Opens connections, makes one request on each and then leaves them idle until told to stop; says `holding <n>` when
 * all are there and `open <n>` at the end. Usage: `idle-connections.ts <port> <path> <connections>`
 */
import { HttpConnection } from './http-connection.ts';

/** Opened in groups of this size, so that no proxy's queue of new connections overflows. */
const group = 50;

const [port = 0, , connections = 0] = process.argv.slice(2).map(Number);
const path = process.argv[3] ?? '/';

const all: HttpConnection[] = [];
while (all.length < connections) {
  const next = Array.from({ length: Math.min(group, connections - all.length) }, () => new HttpConnection(port, path));
  all.push(...next);
  await Promise.all(next.map((connection) => new Promise((resolve) => connection.send(resolve))));
}
const open = (): number => all.filter((connection) => connection.open).length;
console.log(`holding ${open()}`);
process.once('SIGTERM', () => {
  console.log(`open ${open()}`);
  for (const connection of all) connection.close();
});

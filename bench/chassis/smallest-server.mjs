/**
 * The least that answers `GET /users/{id}` from a database with Fastify: what the service costs beyond it is the chassis.
 * Usage: `node smallest-server.mjs <port> <database file> <off|error|info> [tuned]`
 *
 * `tuned` adds the one option of Node's that the chassis sets for speed, and that nobody sets who does not know it.
 */
import { DatabaseSync } from 'node:sqlite';
import { fastify } from 'fastify';

const [port, file, level, tuned] = process.argv.slice(2);
const find = new DatabaseSync(file).prepare('SELECT id, name, email FROM users WHERE id = ?');
const http = tuned === 'tuned' ? { optimizeEmptyRequests: true } : {};
const app = fastify({ http, logger: level === 'off' ? false : { level } });

app.get('/users/:id', async (request, reply) => {
  const user = find.get(Number(request.params.id));
  return user ?? reply.code(404).send({ message: 'No such user' });
});

await app.listen({ host: '127.0.0.1', port: Number(port) });

/**
 * The least that answers `GET /users/{id}` and `POST /orders` with Fastify and a database's own driver: what the services cost
 * beyond it is the chassis. Usage: `node bare-http.mjs <port> <database URL of users> <database URL of orders>`
 *
 * It runs the statements that the services run, an order and its event in one transaction, and does nothing else.
 */
import { fastify } from 'fastify';
import { openBare } from './bare-database.mjs';

const [port, usersUrl, ordersUrl] = process.argv.slice(2);
const users = await openBare(usersUrl);
const orders = await openBare(ordersUrl);
const app = fastify({ logger: { level: 'error' } });

app.get('/users/:id', async (request, reply) => {
  const user = await users.findUser(Number(request.params.id));
  return user ?? reply.code(404).send({ message: 'No such user' });
});

app.post('/orders', async (request, reply) => {
  const { user_id, item, amount } = request.body;
  const id = await orders.placeOrder(user_id, item, Math.round(amount * 100));
  if (id === undefined) return reply.code(404).send({ message: 'No such user' });
  return reply.code(201).header('location', `/orders/${id}`).send({ id, user_id, item, amount });
});

await app.listen({ host: '127.0.0.1', port: Number(port) });

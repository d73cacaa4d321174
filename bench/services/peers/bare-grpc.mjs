/**
 * The least that answers `GetUser` and `CreateOrder` with grpc-js and a database's own driver. Usage:
 * `node bare-grpc.mjs <port> <database URL of users> <database URL of orders> <folder with flotilla/users and flotilla/orders>`
 */
import grpc from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { openBare } from '../bare-database.mjs';

const [port, usersUrl, ordersUrl, ...includeDirs] = process.argv.slice(2);
const users = await openBare(usersUrl);
const orders = await openBare(ordersUrl);
const files = ['flotilla/users/v1/users.proto', 'flotilla/orders/v1/orders.proto'];
const { flotilla } = grpc.loadPackageDefinition(loadSync(files, { includeDirs, keepCase: true, longs: Number }));

const server = new grpc.Server();
server.addService(flotilla.users.v1.UserService.service, {
  GetUser: answering(async ({ id }) => {
    const user = await users.findUser(id);
    if (user === undefined) throw Object.assign(new Error('No such user'), { code: grpc.status.NOT_FOUND });
    return user;
  }),
});
server.addService(flotilla.orders.v1.OrderService.service, {
  CreateOrder: answering(async ({ user_id, item, amount_cents }) => {
    const id = await orders.placeOrder(user_id, item, amount_cents);
    if (id === undefined) throw Object.assign(new Error('No such user'), { code: grpc.status.NOT_FOUND });
    return { id, user_id, item, amount_cents };
  }),
});

server.bindAsync(`127.0.0.1:${port}`, grpc.ServerCredentials.createInsecure(), (error) => {
  if (error) throw error;
});

function answering(run) {
  return ({ request }, done) => {
    run(request).then(
      (answer) => done(null, answer),
      (error) => done(error),
    );
  };
}

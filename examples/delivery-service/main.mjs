// Says in how many days an article is delivered. It knows nothing of Flotilla: the supervisor registers it for as long
// as its health path answers, and ends it with SIGTERM.
import { createServer } from 'node:http';

const days = new Map([
  ['apple', 1],
  ['pear', 2],
  ['quince', 5],
]);

const server = createServer((request, response) => {
  const [, collection, article] = request.url.split(/[/?]/);
  if (collection === 'health') reply(response, 200, { status: 'healthy' });
  else if (collection !== 'delivery') reply(response, 404, { title: 'Nothing is served at this path', status: 404 });
  else if (!days.has(article)) reply(response, 404, { title: 'No such article', status: 404 });
  else reply(response, 200, { article, days: days.get(article) });
});

function reply(response, status, body) {
  const contentType = status < 400 ? 'application/json' : 'application/problem+json';
  response.writeHead(status, { 'content-type': contentType }).end(JSON.stringify(body));
}

server.listen(Number(process.env.PORT ?? 8013), '127.0.0.1');

// Idle connections are closed at once, the others when they have been answered; then nothing keeps the process alive.
process.once('SIGTERM', () => server.close());
process.once('SIGINT', () => server.close());

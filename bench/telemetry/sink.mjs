// Takes whatever it is sent by OTLP/HTTP, as a collector that costs nothing would: `sink.mjs <port>`.
import { createServer } from 'node:http';

createServer((request, response) => {
  request.on('end', () => response.writeHead(200).end());
  request.resume();
}).listen(Number(process.argv[2]), '127.0.0.1');

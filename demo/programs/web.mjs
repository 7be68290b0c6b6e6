// A small HTTP server: answers, logs each request, and asks itself now and then so that its log moves.
import { createServer, get } from 'node:http';

const name = `${process.env.SUPERVISOR_PROCESS_NAME ?? 'web'}`;
let served = 0;
const say = (text) => process.stdout.write(`${new Date().toISOString()} ${name} ${text}\n`);

const server = createServer((request, response) => {
  served += 1;
  response.end(`hello from ${name}, request ${served}\n`);
  say(`"${request.method} ${request.url}" 200`);
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  say(`listening on http://127.0.0.1:${port}`);
  setInterval(
    () => get({ port, path: `/items/${served % 7}` }, (answer) => answer.resume()),
    2_000 + Math.random() * 3_000,
  );
});
process.on('SIGTERM', () => {
  say('SIGTERM: closing');
  server.close(() => process.exit(0));
  server.closeAllConnections();
});

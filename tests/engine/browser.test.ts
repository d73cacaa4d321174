import assert from 'node:assert/strict';
import { test } from 'node:test';
import { waitUntil } from '@flotilla/testing';
import { nodePeer } from './node-peer.ts';
import { peerGateway } from './peer-gateway.ts';
import { programFor, Server, temporaryFolder } from './programs.ts';

const assets = 60;
const page = `<!doctype html><script>window.loaded = 0; window.seen = {};</script>
${Array.from({ length: assets }, (_, at) => `<script src="/asset-${at}.js"></script>`).join('\n')}
<script>
const events = new EventSource('/events');
const heard = [];
events.onmessage = ({ data }) => heard.push(data);
const eventsDone = new Promise((resolve) => events.addEventListener('last', () => { events.close(); resolve(heard.length); }));
const socket = new WebSocket('ws://' + location.host + '/ws');
const echoes = [];
const socketDone = new Promise((resolve) => {
  socket.onopen = () => socket.send('0');
  socket.onmessage = ({ data }) => { echoes.push(data); echoes.length < 10 ? socket.send(String(echoes.length)) : socket.close(); };
  socket.onclose = () => resolve(echoes.join());
});
Promise.all([eventsDone, socketDone, fetch('/large').then((answer) => answer.arrayBuffer())]).then(([events, echoes, large]) =>
  fetch('/report', { method: 'POST', body: JSON.stringify({ loaded: window.loaded, events, echoes, large: large.byteLength }) }));
</script>`;

test('a browser loads a page with many assets, hears events and talks over a WebSocket', {
  timeout: 120_000,
}, async (t) => {
  const chromium = programFor(t, 'chromium');
  if (chromium === undefined) return;
  const scripts = Array.from({ length: assets }, (_, at) => [`/asset-${at}.js`, 'window.loaded += 1;'] as const);
  await using peer = await nodePeer({ '/page': page, ...Object.fromEntries(scripts) });
  await using gateway = await peerGateway(peer.port);
  await using browser = new Server(chromium, [
    ...[
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--no-first-run',
      '--disable-background-networking',
    ],
    ...['--remote-debugging-port=0', `--user-data-dir=${temporaryFolder(t)}`, `${gateway.url}/page`],
  ]);
  await waitUntil('the page has reported', () => peer.reports.length > 0, 90_000);
  assert.deepEqual(JSON.parse(peer.reports[0] ?? ''), {
    loaded: assets,
    events: 5,
    echoes: '0,1,2,3,4,5,6,7,8,9',
    large: 5_000_000,
  });
  void browser;
});

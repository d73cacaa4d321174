import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
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

test('a browser loads a page with many assets, receives events and uses a WebSocket', {
  timeout: 120_000,
}, async (t) => {
  const chromium = programFor(t, 'chromium');
  if (chromium === undefined) return;
  const scripts = Array.from({ length: assets }, (_, at) => [`/asset-${at}.js`, 'window.loaded += 1;'] as const);
  await using peer = await nodePeer({ '/page': page, ...Object.fromEntries(scripts) });
  await using gateway = await peerGateway(peer.port);
  await using browser = openPage(t, chromium, `${gateway.url}/page`);
  await waitUntil('the page has reported', () => peer.reports.length > 0, 90_000);
  assert.deepEqual(JSON.parse(peer.reports[0] ?? ''), {
    loaded: assets,
    events: 5,
    echoes: '0,1,2,3,4,5,6,7,8,9',
    large: 5_000_000,
  });
  void browser;
});

/** What people and programs type into links: the URL Standard leaves some of it as it is. */
const links: readonly string[] = [
  ...['/a|b', '/a^b', '/a{b}', '/a`b', '/a[b]', '/a"<b>'],
  ...['/a?x=|', '/a?x={"y":1}', '/a?x=^`', '/a?x=\\', '/a?x=%', '/a?x=100%&y=%zz%u0041', "/a?x='[]<>"],
];
const linksPage = `<!doctype html><script>
const links = ${JSON.stringify(links)};
const seen = async (link) => {
  const { pathname, search } = new URL(link, location.href);
  const frame = document.createElement('iframe');
  const loaded = new Promise((resolve) => { frame.onload = resolve; });
  frame.src = link;
  document.body.append(frame);
  const fetched = await fetch(link).then(async (answer) => answer.status + ' ' + await answer.text());
  await loaded;
  return { sent: pathname + search, fetched, navigated: frame.contentDocument.body.textContent };
};
onload = async () => {
  const report = [];
  for (const link of links) report.push(await seen(link));
  await fetch('/report', { method: 'POST', body: JSON.stringify(report) });
};
</script><body>`;

test('everything that a browser leaves unencoded in a path or a query reaches the service unchanged', {
  timeout: 120_000,
}, async (t) => {
  const chromium = programFor(t, 'chromium');
  if (chromium === undefined) return;
  await using peer = await nodePeer({ '/links': linksPage });
  await using gateway = await peerGateway(peer.port);
  await using browser = openPage(t, chromium, `${gateway.url}/links`);
  await waitUntil('the page has reported', () => peer.reports.length > 0, 90_000);
  // The page above reports this.
  const report = JSON.parse(peer.reports[0] ?? '') as { sent: string; fetched: string; navigated: string }[];
  assert.equal(report.length, links.length);
  for (const { sent, fetched, navigated } of report) {
    assert.equal(fetched, `200 GET ${sent} 0`);
    assert.equal(navigated, `GET ${sent} 0`);
  }
  t.diagnostic(`sent: ${report.map(({ sent }) => sent).join('  ')}`);
  void browser;
});

function openPage(t: TestContext, chromium: string, url: string): Server {
  return new Server(chromium, [
    ...[
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--no-first-run',
      '--disable-background-networking',
    ],
    ...['--remote-debugging-port=0', `--user-data-dir=${temporaryFolder(t)}`, url],
  ]);
}

/**
 * Takes the picture of the terminal that the README and the site show: starts the fleet in a terminal, sends the requests that it suggests,
 * kills a service, and draws what stands on the screen. All of it is real. Usage, on Linux with the default ports free: `npm run picture`.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { drawScreen } from './terminal-picture/draw-screen.ts';
import { findProcess } from './terminal-picture/find-process.ts';
import { openTerminal } from './terminal-picture/open-terminal.ts';

const root = join(import.meta.dirname, '..');
const picture = join(root, 'docs', 'public', 'terminal.svg');
const columns = 92;
const rows = 60;

const terminal = openTerminal({ command: 'npm start', cwd: root, columns, rows });
try {
  await terminal.shows(/curl '.*\n(?:.*\n)*.*Ctrl-C/);
  const suggested = [...terminal.text().matchAll(/curl '([^']+)'/g)].map((match) => match[1] ?? '');
  if (suggested.length === 0) throw new Error(`The start suggests no request:\n${terminal.text()}`);
  for (const url of suggested) {
    await (await fetch(url)).text();
    await pause(300);
  }
  // So that the first lines of requests are on the screen before the next thing happens.
  await pause(1_000);
  process.kill(findProcess(terminal.pid, /apps\/user-service\/src\/main\.ts/), 'SIGKILL');
  await terminal.shows(/SIGKILL[^]*user-service.*ready/);
  await pause(500);
  writeFileSync(picture, drawScreen(terminal.rows(), { title: 'npm start', columns }));
  console.log(`Wrote ${picture}. It shows:\n\n${terminal.text()}`);
} finally {
  await terminal.close();
}

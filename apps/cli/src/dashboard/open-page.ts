import { spawn } from 'node:child_process';
import type { Given } from '../arguments/given.ts';
import { Mistake } from '../arguments/mistake.ts';
import type { Cli } from '../arguments/verb.ts';
import { answer } from '../running/answer.ts';
import { askDashboard } from './ask-dashboard.ts';
import { findDashboard } from './find-dashboard.ts';
import { pageNames } from './page-names.ts';

/** How long a program that opens browsers may take to say that it cannot. */
const openLimitMs = 2_000;

/** `flotilla open`. */
export function openPage(given: Given, cli: Cli): Promise<number> {
  const path = pathOf(given.words[0]);
  return answer(given, cli, async () => {
    const dashboard = await findDashboard(given, cli);
    // A page that does not load says less than we do.
    await askDashboard(dashboard, '/api/overview');
    const url = new URL(path, dashboard.url).href;
    const opened = given.has('--json') || given.has('--print') ? false : await opens(url, cli);
    return {
      json: { url },
      text: [opened ? `Opened ${url}` : given.has('--print') ? url : `Open ${url} in a browser`],
    };
  });
}

function pathOf(word: string | undefined): string {
  if (word === undefined || word === 'overview') return '/';
  if (/^[0-9a-f]{32}$/i.test(word)) return `/traces/${word.toLowerCase()}`;
  if (pageNames.includes(word)) return `/${word}`;
  throw new Mistake(`"${word}" is no page of the dashboard. Write one of ${pageNames.join(', ')}, or a trace id`);
}

/** Opens a page in the user's browser; false: there is none that this program could open. */
async function opens(url: string, { env, clock }: Pick<Cli, 'env' | 'clock'>): Promise<boolean> {
  const command = opener(env);
  if (command === undefined) return false;
  const [program = '', ...words] = command;
  const child = spawn(program, [...words, url], { stdio: 'ignore', detached: true });
  const { promise, resolve } = Promise.withResolvers<boolean>();
  child.once('error', () => resolve(false));
  child.once('exit', (code) => resolve(code === 0));
  // A browser that was started by it may stay.
  clock.after(openLimitMs, () => resolve(true));
  const isOpened = await promise;
  child.unref();
  return isOpened;
}

/** The program that opens a page; undefined: this is no desktop, such as a session of SSH. */
function opener(env: Readonly<Record<string, string | undefined>>): readonly string[] | undefined {
  const browser = env['BROWSER'] ?? '';
  if (browser !== '') return [browser];
  switch (process.platform) {
    case 'darwin':
      return ['open'];
    case 'win32':
      return ['cmd', '/c', 'start', ''];
    default:
      return (env['DISPLAY'] ?? env['WAYLAND_DISPLAY'] ?? '') === '' ? undefined : ['xdg-open'];
  }
}

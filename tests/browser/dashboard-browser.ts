import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { after, type TestContext } from 'node:test';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { programFor } from '../engine/programs.ts';

/** How a page is looked at. */
export interface View {
  readonly theme: 'light' | 'dark';
  readonly language: 'en' | 'zh';
  readonly width?: number;
  readonly height?: number;
}

/** The time at which the fixtures stand still. */
const standstill = '2026-03-02T10:15:00Z';

/** The built pages on fixtures, in a browser. */
export interface DashboardBrowser extends AsyncDisposable {
  readonly url: string;
  /** Opens a page in a session of its own; ready when its content is there. */
  open(path: string, view: View): Promise<OpenPage>;
}

/** A page, and what a reader must never meet on it. */
export interface OpenPage extends AsyncDisposable {
  readonly page: Page;
  /** Errors in the console, uncaught ones, and requests to other hosts, as they come. */
  readonly mistakes: readonly string[];
  /** Goes to another page, as by its address; ready when its content is there. */
  go(path: string): Promise<void>;
}

const fixtures = join(import.meta.dirname, '..', '..', 'apps', 'dashboard', 'pages', 'fixtures', 'main.ts');

/** How the fixtures behave. */
interface DashboardOptions {
  /** Whether nothing changes by itself. Default true. */
  readonly isStill?: boolean;
}

/** Serves the fixtures and starts Chromium, whose path is given. */
export async function openDashboard(
  executablePath: string,
  { isStill = true }: DashboardOptions = {},
): Promise<DashboardBrowser> {
  const options = ['--port', '0', '--at', standstill, ...(isStill ? ['--still'] : [])];
  const server = spawn(process.execPath, [fixtures, ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await firstLineOf(server.stdout);
  // The sandbox needs a user that is not root, as continuous integration has none.
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  return {
    url,
    open: (path, view) => openPage(browser, url, path, view),
    [Symbol.asyncDispose]: async () => {
      await browser.close();
      server.kill();
      await once(server, 'exit');
    },
  };
}

/**
 * One dashboard for all tests of a file: starting a browser costs more than most of them. Each opens pages of its own. Undefined where
 * there is no Chromium: the test is skipped.
 */
export function sharedDashboard(
  options: DashboardOptions = {},
): (t: TestContext) => Promise<DashboardBrowser | undefined> {
  let opening: Promise<DashboardBrowser> | undefined;
  after(async () => {
    await (await opening)?.[Symbol.asyncDispose]();
  });
  return async (t) => {
    const executablePath = programFor(t, 'chromium');
    return executablePath === undefined ? undefined : await (opening ??= openDashboard(executablePath, options));
  };
}

/** What the fixtures print: their address. */
async function firstLineOf(stdout: Readable): Promise<string> {
  for await (const line of createInterface(stdout)) return line;
  throw new Error('The fixtures ended before they told their address');
}

async function openPage(browser: Browser, url: string, path: string, view: View): Promise<OpenPage> {
  const { theme, language, width = 1280, height = 800 } = view;
  const context: BrowserContext = await browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    locale: language === 'zh' ? 'zh-CN' : 'en-GB',
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  await page.clock.setFixedTime(standstill);
  const mistakes: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') mistakes.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => mistakes.push(`uncaught: ${error.message}`));
  page.on('request', (request) => {
    if (!request.url().startsWith(`${url}/`)) mistakes.push(`another host: ${request.url()}`);
  });
  const go = async (to: string): Promise<void> => {
    await page.goto(url + to);
    await contentOf(page);
  };
  await go(path);
  return { page, mistakes, go, [Symbol.asyncDispose]: async () => await context.close() };
}

/** Waits until nothing of the page is on its way any more. */
async function contentOf(page: Page): Promise<void> {
  await page.locator('main h1').waitFor();
  await page.locator('main:not(:has(.bones))').waitFor();
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

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
}

const fixtures = join(import.meta.dirname, '..', '..', 'apps', 'dashboard', 'pages', 'fixtures', 'main.ts');

/** Serves the fixtures and starts Chromium, whose path is given. `isStill`: nothing changes by itself. */
export async function openDashboard(
  executablePath: string,
  { isStill = true }: { readonly isStill?: boolean } = {},
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
  await page.goto(url + path);
  await contentOf(page);
  return { page, mistakes, [Symbol.asyncDispose]: async () => await context.close() };
}

/** Waits until nothing of the page is on its way any more. */
async function contentOf(page: Page): Promise<void> {
  await page.locator('main h1').waitFor();
  await page.locator('main:not(:has(.bones))').waitFor();
}

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { failing, slow } from '@flotilla/testing';
import { chromium, type Locator, type Page } from 'playwright-core';
import { eventually } from '../e2e/support/eventually.ts';
import { programFor } from '../engine/programs.ts';
import { startDrillFleet } from './drill-fleet.ts';
import { palettePng } from './palette-png.ts';

/** What is wrong with order-service, and what the last page has to say about it. */
interface Accident {
  readonly name: string;
  readonly fault: Parameters<Awaited<ReturnType<typeof startDrillFleet>>['orders']['inject']>[0];
  /** Requests that show it, as the engine is asked for them. */
  readonly query: string;
  /** The figure of the gateway in the overview that stands out. */
  readonly figure: RegExp;
  readonly cause: RegExp;
}

const slowMs = 1_500;

const accidents: readonly Accident[] = [
  {
    name: 'slow',
    fault: slow({ delayMs: slowMs }),
    query: `min_ms=${slowMs}`,
    figure: /slow requests of gateway$/,
    cause: /^gateway waited \d[.\d]* s \([\d.]+ % of the time\) for order-service \(127\.0\.0\.1:\d+\)$/,
  },
  {
    name: 'failing',
    fault: failing(500),
    query: 'status=5xx',
    figure: /failed requests of gateway$/,
    cause: /^gateway's call to order-service \(127\.0\.0\.1:\d+\) failed/,
  },
  {
    name: 'unreachable',
    fault: failing('refused'),
    query: 'status=503',
    figure: /failed requests of gateway$/,
    cause: /^gateway's call to order-service \(127\.0\.0\.1:\d+\) failed.*(?:refused|ECONNREFUSED)/i,
  },
];

/** Where the pictures for the README go, if they are wanted: `DRILL_PICTURES=docs/images/dashboard`. */
const pictures = process.env['DRILL_PICTURES'];

test('from the overview to why order-service is slow, failing or unreachable, it takes at most three clicks', {
  timeout: 170_000,
}, async (t) => {
  const executablePath = programFor(t, 'chromium');
  if (executablePath === undefined) return;
  await using fleet = await startDrillFleet();
  await using browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', timezoneId: 'UTC' });
  for (const accident of accidents) {
    await t.test(accident.name, async () => {
      const sinceMs = Date.now();
      await fleet.orders.inject(accident.fault);
      const asked = `${fleet.dashboardUrl}/api/requests?service=gateway&from_ms=${sinceMs}&limit=50&${accident.query}`;
      await eventually(`three requests show that order-service is ${accident.name}`, async () => {
        // The dashboard starts last, and may not be there yet.
        const answer = await fetch(asked).catch(() => undefined);
        // The wire's `RequestPage`.
        const page = (await answer?.json()) as { readonly requests: readonly unknown[] } | undefined;
        return (page?.requests.length ?? 0) >= 3;
      });
      await walk(page, fleet.dashboardUrl, accident);
      await fleet.orders.heal();
    });
  }
});

/** Goes from the overview to the cause, as somebody would who sees the dashboard for the first time. */
async function walk(page: Page, dashboardUrl: string, { name, figure, cause }: Accident): Promise<void> {
  let clicks = 0;
  const click = async (what: Locator): Promise<void> => {
    await what.click();
    clicks += 1;
  };
  await page.goto(dashboardUrl);
  const standsOut = page.getByRole('link', { name: figure });
  await standsOut.waitFor();
  await picture(page, name, 'overview');
  await click(standsOut);
  const wanted = page.getByRole('grid').getByRole('row').filter({ hasText: '/api/user-with-orders' }).first();
  await wanted.waitFor();
  await picture(page, name, 'requests');
  await click(wanted);
  const note = page.locator('main .note').first();
  await note.waitFor();
  const text = (await note.locator('> div').first().textContent()) ?? '';
  assert.match(text.replaceAll(/\s/gu, ' '), cause);
  await page.getByRole('tree').getByText('order-service').first().waitFor();
  await picture(page, name, 'trace');
  assert.ok(clicks <= 3, `${clicks} clicks`);
}

/** The README shows how to find out about a service that cannot be reached. */
const pictured = 'unreachable';

/** Runs in the page. */
const renameFolder =
  "{ const lead = document.querySelector('main .lead'); lead.textContent = lead.textContent.replace(/^[^·]+/, 'flotilla '); }";

async function picture(page: Page, accident: string, what: string): Promise<void> {
  if (pictures === undefined || accident !== pictured) return;
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    // The project's folder is that of whoever takes the pictures.
    if (what === 'overview') await page.evaluate(renameFolder);
    writeFileSync(join(pictures, `drill-${what}-${colorScheme}.png`), palettePng(await page.screenshot()));
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

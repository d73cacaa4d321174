import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sharedDashboard } from './dashboard-browser.ts';

const dashboardOf = sharedDashboard();
const changingDashboardOf = sharedDashboard({ isStill: false });

const view = { theme: 'light', language: 'en' } as const;

test('the keyboard reaches the content first, every page of the navigation, and every node of the map', async (t) => {
  const dashboard = await dashboardOf(t);
  if (dashboard === undefined) return;
  await using opened = await dashboard.open('/topology', view);
  const { page } = opened;
  const focused = (): Promise<string> =>
    page.evaluate("(document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent).trim()");
  await page.keyboard.press('Tab');
  assert.equal(await focused(), 'Skip to content');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate('document.activeElement.id'), 'main');
  const reached: string[] = [];
  for (let presses = 0; presses < 24 && !reached.some((name) => name.startsWith('api.payments')); presses += 1) {
    await page.keyboard.press('Tab');
    reached.push(await focused());
  }
  for (const name of ['Find a service', 'Table', 'Clients', 'gateway', 'order-service'])
    assert.ok(
      reached.some((each) => each.startsWith(name)),
      `${name} is not among ${reached.join(' | ')}`,
    );
  await page.getByRole('button', { name: /^user-service/ }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'user-service' }).waitFor();
});

test('language and theme are kept, and a reload shows the same page with the same filter', async (t) => {
  const dashboard = await dashboardOf(t);
  if (dashboard === undefined) return;
  await using opened = await dashboard.open('/registry', view);
  const { page } = opened;
  await page.getByLabel('Find a service').fill('order');
  await page.getByRole('button', { name: '中文' }).click();
  await page.getByRole('button', { name: '深色' }).click();
  await page.reload();
  await page.getByRole('heading', { name: '注册中心' }).waitFor();
  assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark');
  assert.equal(await page.getByLabel('查找服务').inputValue(), 'order');
  await page.getByRole('link', { name: 'order-service' }).waitFor();
  assert.equal(await page.getByRole('link', { name: 'user-service' }).count(), 0);
  await page.getByRole('link', { name: 'order-service' }).click();
  await page.getByText('最近离开的实例').waitFor();
  await page.goBack();
  assert.equal(await page.getByLabel('查找服务').inputValue(), 'order');
});

test('a blank that is typed before a pause stays, and is no part of what is looked for', async (t) => {
  const dashboard = await dashboardOf(t);
  if (dashboard === undefined) return;
  await using opened = await dashboard.open('/requests', view);
  const { page } = opened;
  const field = page.getByLabel('Search path, error, key=value');
  await field.pressSequentially('connection ');
  await page.waitForURL(/text=connection$/);
  await field.pressSequentially('refused');
  assert.equal(await field.inputValue(), 'connection refused');
  await page.waitForURL(/text=connection(?:\+|%20)refused$/);
});

test('all filters of requests stand in one line of a small screen, in either language', async (t) => {
  const dashboard = await dashboardOf(t);
  if (dashboard === undefined) return;
  for (const language of ['en', 'zh'] as const) {
    const path =
      '/requests?text=user&status=failed&min_ms=1000&service=order-service&route=/users/{id}/orders&method=OPTIONS';
    await using opened = await dashboard.open(path, { theme: 'light', language, width: 1280 });
    const tops = await opened.page
      .locator('.filters > *')
      .evaluateAll((all) => all.map((each) => Math.round(each.getBoundingClientRect().top)));
    assert.equal(tops.length, 7);
    assert.equal(new Set(tops).size, 1, `${language}: ${tops.join(' ')}`);
    await opened.page.getByRole('button', { name: language === 'en' ? 'Clear filters' : '清除筛选' }).click();
    await opened.page.locator('.long-table').waitFor();
    assert.equal(new URL(opened.page.url()).search, '');
  }
});

test('what changes by itself neither scrolls the page nor takes the focus', async (t) => {
  const dashboard = await changingDashboardOf(t);
  if (dashboard === undefined) return;
  await using opened = await dashboard.open('/', { ...view, width: 390, height: 600 });
  const { page } = opened;
  const button = page.getByRole('button', { name: 'Restart order-service-1' });
  await button.scrollIntoViewIfNeeded();
  await button.focus();
  const placeOf = async (): Promise<number> => Math.round((await button.boundingBox())?.y ?? 0);
  const gateway = page.locator('tr.program').first();
  const changed = async (): Promise<void> =>
    gateway.filter({ hasNotText: (await gateway.textContent()) ?? '' }).waitFor();
  // The page is whole: what it asks for later is there.
  await changed();
  await button.scrollIntoViewIfNeeded();
  const before = await placeOf();
  await changed();
  assert.ok((await page.evaluate<number>('scrollY')) > 0);
  // Of a line whose height is no whole number, a pixel is rounding.
  assert.ok(Math.abs((await placeOf()) - before) <= 1, `moved from ${before} to ${await placeOf()}`);
  assert.equal(await page.evaluate("document.activeElement.getAttribute('aria-label')"), 'Restart order-service-1');
});

test('a dashboard that stops answering is said to, what was there stays, and it comes back without a reload', async (t) => {
  const dashboard = await dashboardOf(t);
  if (dashboard === undefined) return;
  await using opened = await dashboard.open('/registry', view);
  const { page } = opened;
  await page.route('**/api/registry/services', (route) => route.abort());
  await page.getByText('The dashboard does not answer.').waitFor();
  assert.equal(await page.getByRole('link', { name: 'order-service' }).count(), 1);
  await page.unroute('**/api/registry/services');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByText('The dashboard does not answer.').waitFor({ state: 'detached' });
});

test('the menu of a narrow window opens, leads to a page and closes by itself, and Escape closes it', async (t) => {
  const dashboard = await dashboardOf(t);
  if (dashboard === undefined) return;
  await using opened = await dashboard.open('/', { ...view, width: 390, height: 844 });
  const { page } = opened;
  await page.getByRole('button', { name: 'Open menu' }).click();
  await page.getByRole('link', { name: 'Registry', exact: true }).click();
  await page.getByRole('heading', { name: 'Registry', exact: true }).waitFor();
  await page.getByRole('button', { name: 'Open menu' }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Open menu' }).waitFor();
});

test('who is asked for the token again comes back to the same page afterwards', async (t) => {
  const dashboard = await dashboardOf(t);
  if (dashboard === undefined) return;
  await using opened = await dashboard.open('/registry?find=order', view);
  const { page } = opened;
  await page.route('**/api/registry/services', (route) => route.fulfill({ status: 401, body: '{}' }));
  await page.waitForURL('**/login?next=%2Fregistry%3Ffind%3Dorder');
});

test('the map stays as it is when figures change, and shows them', async (t) => {
  const dashboard = await changingDashboardOf(t);
  if (dashboard === undefined) return;
  await using opened = await dashboard.open('/topology', view);
  const { page } = opened;
  const places = (): Promise<readonly (string | null)[]> =>
    page
      .locator('.map foreignObject')
      .evaluateAll((all) => all.map((each) => `${each.getAttribute('x')} ${each.getAttribute('y')}`));
  const before = await places();
  const rate = page.locator('.figures text').first();
  const first = (await rate.textContent()) ?? '';
  await page.locator('.figures').first().filter({ hasNotText: first }).waitFor();
  assert.deepEqual(await places(), before);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sharedDashboard } from './dashboard-browser.ts';

const dashboardOf = sharedDashboard();

const view = { theme: 'light', language: 'en' } as const;

test('programs are restarted, scaled, and stopped after a question; a refusal says why', async (t) => {
  const dashboard = await dashboardOf(t);
  if (dashboard === undefined) return;
  await using opened = await dashboard.open('/', view);
  const { page } = opened;
  const rowOf = (name: string) => page.getByRole('row').filter({ hasText: name }).first();

  await page.getByRole('button', { name: 'One more instance of user-service' }).click();
  await page.getByText('user-service: 3 instances wanted').waitFor();
  await rowOf('user-service-3').waitFor();

  await page.getByRole('button', { name: 'Stop user-service-3' }).click();
  await page.getByRole('dialog', { name: 'Stop user-service-3?' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.equal(await page.evaluate("document.activeElement.getAttribute('aria-label')"), 'Stop user-service-3');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Stop', exact: true }).click();
  await rowOf('user-service-3').getByText('stopped').waitFor();
  await page.getByRole('button', { name: 'Start user-service-3', exact: true }).click();
  await rowOf('user-service-3').getByText('starting').waitFor();

  await page.route('**/api/programs/gateway/restart', (route) =>
    route.fulfill({
      status: 409,
      contentType: 'application/problem+json',
      body: JSON.stringify({ title: 'Conflict', status: 409, detail: 'The gateway is being restarted already.' }),
    }),
  );
  await page.getByRole('button', { name: 'Restart gateway' }).click();
  await page.getByText('gateway: The gateway is being restarted already.').waitFor();
});

test('a setting is checked while it is typed, and what the registry refuses is shown', async (t) => {
  const dashboard = await dashboardOf(t);
  if (dashboard === undefined) return;
  await using opened = await dashboard.open('/registry/config?service=user-service', view);
  const { page } = opened;
  await page.getByRole('button', { name: 'Edit MAX_WORKERS' }).click();
  const value = page.getByLabel('Value for user-service');
  const save = page.getByRole('button', { name: 'Save' });
  await value.fill('many');
  await page.getByText('The value is not a whole number from 1 to 1024.').waitFor();
  assert.equal(await save.isDisabled(), true);
  assert.equal(await value.getAttribute('aria-invalid'), 'true');
  await value.fill('4');
  await save.click();
  await page.getByText('MAX_WORKERS is saved').waitFor();
  await page.getByRole('row').filter({ hasText: 'MAX_WORKERS' }).getByText('4', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Edit MAX_WORKERS' }).click();
  await page.getByRole('button', { name: 'Unset' }).click();
  await page.getByText('MAX_WORKERS is no longer set').waitFor();
});

test('an edit never overwrites what somebody else wrote meanwhile, and an empty value can be edited', async (t) => {
  const dashboard = await dashboardOf(t);
  if (dashboard === undefined) return;
  await using opened = await dashboard.open('/registry/keys?prefix=app/', view);
  const { page } = opened;
  await page.getByRole('button', { name: 'New key' }).click();
  await page.getByLabel('Key', { exact: true }).fill('app/empty');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('app/empty is saved').waitFor();
  await page.getByRole('button', { name: 'Edit app/empty' }).click();
  await page.getByLabel('Value').fill('mine');
  const others = await page.request.get(`${dashboard.url}/api/registry/kv?prefix=app/empty`);
  const [{ revision = 0 } = {}] = (await others.json()) as readonly { readonly revision?: number }[];
  const written = await page.request.put(`${dashboard.url}/api/registry/kv/app/empty?if_revision=${revision}`, {
    data: 'theirs',
  });
  assert.equal(written.ok(), true);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Somebody else changed it meanwhile.').waitFor();
  assert.equal(await page.getByLabel('Value').inputValue(), 'mine');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('theirs').waitFor();
});

test('a request is explained step by step, and sent', async (t) => {
  const dashboard = await dashboardOf(t);
  if (dashboard === undefined) return;
  await using opened = await dashboard.open('/routes/explain', view);
  const { page } = opened;
  const path = page.getByLabel('Path and query');
  await path.fill('/api/order/?id=1');
  await path.press('Enter');
  await page.getByText('/api/order/ is the only route that fits').waitFor();
  await page.getByText('policy 1, rateLimit: lets it pass').waitFor();
  // The explanation changes its language with the page.
  await page.getByRole('button', { name: '中文' }).click();
  await page.getByText('只有路由 /api/order/ 匹配').waitFor();
  await page.getByRole('button', { name: 'EN' }).click();
  await page.getByText('policy 1, rateLimit: lets it pass').waitFor();
  await path.fill('users');
  await page.getByText('The path begins with a slash').waitFor();
  await path.fill('/api/user/?id=1');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.getByText('"name": "Alice"').waitFor();
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axeViolations } from './axe.ts';
import { type OpenPage, sharedDashboard, type View } from './dashboard-browser.ts';
import { pageList } from './page-list.ts';

const dashboardOf = sharedDashboard();

/** Both themes, both languages and both widths. The pictures have every combination of theme and language. */
const views: readonly View[] = [
  { theme: 'light', language: 'en' },
  { theme: 'dark', language: 'zh', width: 390, height: 844 },
];

test('every page is accessible, fits its window, asks no other host, and has no error in its console', async (t) => {
  const dashboard = await dashboardOf(t);
  if (dashboard === undefined) return;
  await using windows = new AsyncDisposableStack();
  const looks: { readonly view: View; readonly opened: OpenPage }[] = [];
  for (const view of views) looks.push({ view, opened: windows.use(await dashboard.open('/', view)) });
  for (const { name, path } of pageList) {
    await t.test(name, async () => {
      for (const { view, opened } of looks) {
        const where = `${name}, ${view.theme}, ${view.language}, ${view.width ?? 1280} pixels`;
        const { page, mistakes } = opened;
        const known = mistakes.length;
        await opened.go(path);
        assert.deepEqual(await axeViolations(page), [], where);
        const [content, window] = await page.evaluate<readonly [number, number]>(
          '[document.documentElement.scrollWidth, innerWidth]',
        );
        assert.ok(content <= window, `${where}: ${content} pixels of content are wider than the window`);
        const [title, heading] = [await page.title(), await page.locator('main h1').first().textContent()];
        assert.equal(title, `${heading} · Flotilla`, where);
        assert.equal(await page.locator('html').getAttribute('lang'), view.language === 'zh' ? 'zh-Hans' : 'en');
        assert.deepEqual(mistakes.slice(known), [], where);
      }
    });
  }
});

test('the navigation leads to pages that these tests visit, and to nothing else', async (t) => {
  const dashboard = await dashboardOf(t);
  if (dashboard === undefined) return;
  await using opened = await dashboard.open('/', { theme: 'light', language: 'en' });
  const links = await opened.page
    .locator('nav .nav a')
    .evaluateAll((all) => all.map((each) => each.getAttribute('href')));
  const visited = pageList.map(({ path }) => path.replace(/\?.*/, ''));
  assert.deepEqual(
    links.filter((link) => link === null || !visited.includes(link)),
    [],
  );
  assert.ok(links.length > 3);
});

test('the first page takes few requests and few bytes, so that it is painted at once', async (t) => {
  const dashboard = await dashboardOf(t);
  if (dashboard === undefined) return;
  await using opened = await dashboard.open('/', { theme: 'light', language: 'en' });
  const loaded = await opened.page.evaluate<readonly (readonly [string, number])[]>(
    "performance.getEntriesByType('resource').map((each) => [new URL(each.name).pathname, each.decodedBodySize])",
  );
  const assets = loaded.filter(([path]) => !path.startsWith('/api/'));
  assert.ok(assets.length <= 10, `${assets.length} files: ${assets.map(([path]) => path).join(' ')}`);
  const bytes = assets.reduce((sum, [, size]) => sum + size, 0);
  // Some 35 KiB when compressed.
  assert.ok(bytes <= 110 * 1024, `${bytes} bytes`);
});

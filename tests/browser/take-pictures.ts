/**
 * Takes the pictures of every page of the dashboard, in both themes and languages, into `docs/images/dashboard`. Usage:
 * `npm run pages:pictures`, after `npm run pages:build`; names of pages as arguments take only those.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { programOnPath } from '../engine/programs.ts';
import { openDashboard } from './dashboard-browser.ts';
import { pageList } from './page-list.ts';
import { palettePng } from './palette-png.ts';

const folder = join(import.meta.dirname, '..', '..', 'docs', 'images', 'dashboard');
const wanted = process.argv.slice(2);
const chromium = programOnPath('chromium');
if (chromium === undefined) throw new Error('Chromium is not installed: apt-get install chromium');
mkdirSync(folder, { recursive: true });
await using dashboard = await openDashboard(chromium);
for (const { name, path } of pageList) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  for (const theme of ['light', 'dark'] as const) {
    for (const language of ['en', 'zh'] as const) {
      await using opened = await dashboard.open(path, { theme, language });
      // A curve or a picture may come with the next frame.
      await opened.page.waitForTimeout(200);
      const file = join(folder, `${name}-${theme}-${language}.png`);
      writeFileSync(file, palettePng(await opened.page.screenshot()));
      console.log(file);
    }
  }
}

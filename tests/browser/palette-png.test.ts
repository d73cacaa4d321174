import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chromium } from 'playwright-core';
import { programFor } from '../engine/programs.ts';
import { palettePng } from './palette-png.ts';

test('a picture with a palette shows the same to the eye, in fewer bytes', async (t) => {
  const executablePath = programFor(t, 'chromium');
  if (executablePath === undefined) return;
  await using browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  const page = await browser.newPage({ viewport: { width: 400, height: 200 } });
  // Text that is not grey has many colours, and a gradient more than a palette holds.
  await page.setContent(
    '<body style="background: linear-gradient(90deg, #b02020, #2020b0)"><p style="color: #fff">Ships at sea <b style="color: #ff0">go far</b></p>',
  );
  const exact = await page.screenshot();
  const reduced = palettePng(exact);
  assert.ok(reduced.length < exact.length, `${reduced.length} bytes of ${exact.length}`);
  // Chromium reads both, and says how far they are apart where they are most.
  const apart = await page.evaluate<number>(`(async () => {
    const [one, other] = await Promise.all(${JSON.stringify([exact, reduced].map((png) => png.toString('base64')))}.map(async (png) => {
      const picture = await createImageBitmap(new Blob([Uint8Array.fromBase64(png)], { type: 'image/png' }));
      const canvas = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
      canvas.drawImage(picture, 0, 0);
      return canvas.getImageData(0, 0, picture.width, picture.height).data;
    }));
    return one.reduce((most, value, index) => Math.max(most, Math.abs(value - other[index])), 0);
  })()`);
  assert.ok(apart <= 24, `${apart} of 255`);
});

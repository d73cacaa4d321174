import { join } from 'node:path';
import { defineConfig } from 'vite';

/** Where `npm run pages:dev` finds the dashboard's HTTP API: a running dashboard, or the fixtures. */
const api = process.env['DASHBOARD_API'] ?? 'http://127.0.0.1:8091';

export default defineConfig({
  // Stated, so that a build does not depend on the folder it is started in.
  root: import.meta.dirname,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  server: { host: '127.0.0.1', port: 5175, proxy: { '/api/': api } },
  build: {
    outDir: join(import.meta.dirname, '..', 'assets'),
    emptyOutDir: true,
    // The first versions with `light-dark()`, which would otherwise be written out at twice the size.
    target: ['chrome123', 'firefox120', 'safari17.5'],
    assetsDir: 'built',
    // The policy that the program sends forbids code and pictures in the page itself.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});

#!/usr/bin/env node
// What `npx flotilla` runs in this repository, under any Node from 18 on: it fetches a current one where that is needed, as
// the npm scripts do. What is published instead is `src/main.ts`, built.
process.argv.splice(2, 0, 'flotilla');
await import('../../scripts/bootstrap.mjs');

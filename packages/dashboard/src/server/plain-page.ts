import { createHash } from 'node:crypto';
import type { Locale } from '@flotilla/contracts';
import { plainPagePolicy } from './page-headers.ts';

const style =
  ':root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:15vh auto;padding:0 1rem}' +
  'input,button{font:inherit;padding:.4rem .6rem;margin:.25rem 0}input{width:100%;box-sizing:border-box}' +
  'code{font-family:ui-monospace,monospace}.wrong{color:#b3261e}@media(prefers-color-scheme:dark){.wrong{color:#f2b8b5}}';

const policy = plainPagePolicy(createHash('sha256').update(style).digest('base64'));

/** A page without scripts, whole in itself. `body` is HTML. */
export function plainPage(
  locale: Locale,
  title: string,
  body: string,
): { readonly html: string; readonly headers: Readonly<Record<string, string>> } {
  return {
    html: `<!doctype html><html lang="${locale}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${title}</title><style>${style}</style></head><body><main><h1>${title}</h1>${body}</main></body></html>`,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-language': locale,
      'content-security-policy': policy,
      'cache-control': 'no-store',
      vary: 'Accept-Language',
    },
  };
}

/** Text as it may stand in HTML, between tags or in an attribute with double quotes. */
export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

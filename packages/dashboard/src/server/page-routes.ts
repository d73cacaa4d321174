import { AppError, chooseLocale, type Locale } from '@flotilla/contracts';
import type { HttpApp } from '@flotilla/kit/http';
import { type PageFile, readPageFiles } from './page-files.ts';
import { plainPage } from './plain-page.ts';

const forEver = 'public, max-age=31536000, immutable';

/** The text of a page that is missing; `title` and `body`, as HTML. */
const missing: Readonly<Record<Locale, { readonly title: string; readonly body: string }>> = {
  en: {
    title: 'The pages are not built',
    body: '<p>The dashboard runs, but its pages are missing. In the repository of Flotilla, build them: <code>npm run pages:build</code>. In a project, install it again: <code>npm install</code>. Then restart it: <code>flotilla restart dashboard</code>.</p><p>What it knows is at <a href="/api/overview">/api/overview</a>.</p>',
  },
  'zh-CN': {
    title: '页面尚未构建',
    body: '<p>控制台正在运行，但缺少页面文件。在 Flotilla 仓库中请先构建：<code>npm run pages:build</code>；在您的项目中请重新安装：<code>npm install</code>。然后重启控制台：<code>flotilla restart dashboard</code>。</p><p>现有数据见 <a href="/api/overview">/api/overview</a>。</p>',
  },
};

/** Serves the built pages. Every path of a page is answered with the one file that holds them all, which looks at the path itself. */
export function pageRoutes(app: HttpApp, folder: string, defaultLocale: Locale): void {
  // Read with the first request, so that a start does not wait for it; what is built later needs a restart.
  let reading: Promise<ReadonlyMap<string, PageFile>> | undefined;
  const filesOf = async (): Promise<ReadonlyMap<string, PageFile>> => {
    const files = await (reading ??= readPageFiles(folder));
    // Until there are some they may still come.
    if (files.size === 0) reading = undefined;
    return files;
  };
  app.get('/*', { config: { requestLogLevel: 'debug' } }, async (request, reply) => {
    const [pathname = '/'] = request.url.split('?', 1);
    const files = await filesOf();
    // Browsers ask for it by themselves where no page has named another, as beside a JSON answer.
    const file = files.get(pathname === '/favicon.ico' ? '/icon.svg' : pathname);
    if (file === undefined && !isPage(pathname)) throw new AppError('ROUTE_NOT_FOUND');
    const sent = file ?? files.get('/index.html');
    if (sent === undefined) {
      const locale = chooseLocale(request.headers['accept-language'], defaultLocale);
      const { html, headers } = plainPage(locale, missing[locale].title, missing[locale].body);
      return reply.status(503).headers(headers).send(html);
    }
    reply.headers({
      'content-type': sent.type,
      'cache-control': file?.isHashed === true ? forEver : 'no-cache',
      etag: sent.tag,
      vary: 'Accept-Encoding',
    });
    if (request.headers['if-none-match'] === sent.tag) return reply.status(304).send();
    const coding = codingOf(sent, String(request.headers['accept-encoding'] ?? ''));
    if (coding === undefined) return reply.send(sent.bytes);
    return reply.header('content-encoding', coding).send(sent.packed?.[coding]);
  });
}

/** Whether it may be the path of a page: what looks like a file, or like an API, is none. */
function isPage(pathname: string): boolean {
  return !/\.[A-Za-z0-9]+$/.test(pathname) && !/^\/(?:api|v1|login|logout)(?:\/|$)/.test(pathname);
}

function codingOf({ packed }: PageFile, accepted: string): 'br' | 'gzip' | undefined {
  if (packed === undefined) return undefined;
  return (['br', 'gzip'] as const).find((coding) =>
    new RegExp(`(?:^|[\\s,])${coding}(?:\\s*(?:,|$)|;\\s*q=(?!0(?:\\.0*)?(?:\\s|,|$)))`, 'i').test(accepted),
  );
}

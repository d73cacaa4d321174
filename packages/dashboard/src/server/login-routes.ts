import { AppError, chooseLocale, type Locale } from '@flotilla/contracts';
import type { HttpApp } from '@flotilla/kit/http';
import type { DashboardAccess } from './access.ts';
import { escapeHtml, plainPage } from './plain-page.ts';

const texts: Readonly<Record<Locale, Readonly<Record<'title' | 'hint' | 'token' | 'enter' | 'wrong', string>>>> = {
  en: {
    title: 'Flotilla dashboard',
    hint: 'This dashboard is protected. Its token is in <code>DASHBOARD_TOKEN</code> where it was started.',
    token: 'Token',
    enter: 'Log in',
    wrong: 'This is not the token.',
  },
  'zh-CN': {
    title: 'Flotilla 控制台',
    hint: '此控制台受令牌保护。令牌即启动控制台时设置的 <code>DASHBOARD_TOKEN</code>。',
    token: '令牌',
    enter: '登录',
    wrong: '令牌不正确。',
  },
};

/** A form with a token is short. */
const bodyLimit = 8 * 1024;

/** `GET /login` asks for the token, `POST /login` takes it and sets the cookie, `POST /logout` takes the cookie back. */
export function loginRoutes(app: HttpApp, access: DashboardAccess, defaultLocale: Locale): void {
  const page = (language: string | undefined, next: string, isWrong: boolean): ReturnType<typeof plainPage> => {
    const locale = chooseLocale(language, defaultLocale);
    const { title, hint, token, enter, wrong } = texts[locale];
    const mistake = isWrong ? `<p class="wrong" role="alert">${wrong}</p>` : '';
    return plainPage(
      locale,
      title,
      `<p>${hint}</p>${mistake}<form method="post" action="/login"><input type="hidden" name="next" value="${escapeHtml(next)}"><label>${token}<input type="password" name="token" autocomplete="current-password" required autofocus></label><button>${enter}</button></form>`,
    );
  };
  app.get('/login', async (request, reply) => {
    const { next } = request.query as Readonly<Record<string, unknown>>; // Of a query any name can be asked for.
    const { html, headers } = page(request.headers['accept-language'], ownPath(next), false);
    return reply.headers(headers).send(html);
  });
  app.post('/login', { bodyLimit, config: { takesBytes: true } }, async (request, reply) => {
    const { body } = request;
    if (!Buffer.isBuffer(body))
      throw new AppError('INVALID_REQUEST', { detail: 'Send the token as a form: token=<token>.' });
    const form = new URLSearchParams(body.toString('utf8'));
    const next = ownPath(form.get('next'));
    if (access.isGuarded && !access.knows(form.get('token') ?? '')) {
      request.log.warn({ client: request.ip }, 'a login with a wrong token');
      const { html, headers } = page(request.headers['accept-language'], next, true);
      return reply.status(403).headers(headers).send(html);
    }
    return reply
      .header('set-cookie', access.cookie(request.headers['x-forwarded-proto'] === 'https'))
      .redirect(next, 303);
  });
  app.post('/logout', async (_request, reply) => reply.header('set-cookie', access.noCookie).redirect('/login', 303));
}

/** A path of this server, where a login may lead; never another server's. */
function ownPath(next: unknown): string {
  return typeof next === 'string' && /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]{0,2000}$/.test(next) ? next : '/';
}

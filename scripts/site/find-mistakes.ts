import { posix } from 'node:path';

/**
 * What is wrong with a built site: links and anchors that lead nowhere, and anything that a browser would fetch from
 * another host while it shows a page. `files` has the text of pages and styles by path, `paths` is everything there is.
 */
export function findMistakes(files: ReadonlyMap<string, string>, paths: ReadonlySet<string>): readonly string[] {
  const anchors = new Map([...files].map(([path, text]) => [path, anchorsOf(text)]));
  return [...files].flatMap(([path, text]) => [
    ...foreignOf(text).map((url) => `${path} loads ${url}: a page may load nothing from elsewhere`),
    ...linksOf(path, text).flatMap((link) => {
      const wrong = whyWrong(path, link);
      return wrong === undefined ? [] : [`${path} links to ${link}: ${wrong}`];
    }),
  ]);

  function whyWrong(path: string, link: string): string | undefined {
    const [place = '', anchor] = link.split('#');
    const target = place === '' ? path : targetOf(path, place.replace(/\?.*$/, ''));
    if (target === undefined) return 'no such page';
    if (anchor === undefined || anchor === '' || !target.endsWith('.html')) return undefined;
    return anchors.get(target)?.has(decodeURIComponent(anchor)) === true ? undefined : 'no such heading';
  }

  function targetOf(path: string, place: string): string | undefined {
    const absolute = posix
      .join('/', place.startsWith('/') ? '' : posix.dirname(path), decodeURIComponent(place))
      .slice(1);
    return [absolute, `${absolute}.html`, posix.join(absolute, 'index.html')].find(
      (each) => each !== '' && paths.has(each) && /\.\w+$/.test(each),
    );
  }
}

function linksOf(path: string, text: string): readonly string[] {
  if (!path.endsWith('.html')) return [];
  const links = [...text.matchAll(/<a\s[^>]*?href="([^"]*)"/g)].map((match) =>
    (match[1] ?? '').replaceAll('&amp;', '&'),
  );
  return [...new Set(links)].filter((link) => !/^[a-z][a-z0-9+.-]*:|^\/\//i.test(link));
}

function anchorsOf(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1] ?? ''));
}

/** Whatever is loaded with a page: scripts, styles, pictures, fonts. Links that a reader may follow are something else. */
function foreignOf(text: string): readonly string[] {
  const loaded = [
    /<(?:script|img|iframe|source|video|audio)\s[^>]*?\ssrc="((?:https?:)?\/\/[^"]*)"/g,
    /<link\s[^>]*?href="((?:https?:)?\/\/[^"]*)"/g,
    /url\(["']?((?:https?:)?\/\/[^)"']*)/g,
    /@import\s+["']((?:https?:)?\/\/[^"']*)/g,
  ];
  return [...new Set(loaded.flatMap((pattern) => [...text.matchAll(pattern)].map((match) => match[1] ?? '')))];
}

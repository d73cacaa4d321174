import type { Reading } from '@flotilla/contracts';

/** What the URLs of one kind look like: `consul+http://host:port`, or several separated by commas. */
export interface PrefixedForm {
  /** `consul` for `consul+http://` and `consul+https://`. */
  readonly prefix: string;
  /** The ports of URLs that name none. Undefined: each has to name one. */
  readonly defaultPorts?: { readonly http: number; readonly https: number };
  /** What is wrong with a path, as the end of "the value …"; undefined: nothing. */
  pathProblem(path: string): string | undefined;
  /** The options that may follow `?`. */
  readonly options: readonly string[];
}

/** The http and https URLs behind a prefix, and the options of all. */
export interface PrefixedUrls {
  readonly urls: readonly URL[];
  readonly options: URLSearchParams;
}

/** Reads URLs of one kind. No problem repeats a part of the text: it may hold a password. */
export function readPrefixedUrls(text: string, form: PrefixedForm): Reading<PrefixedUrls> {
  const urls: URL[] = [];
  const options = new URLSearchParams();
  const parts = text.split(',').map((part) => part.trim());
  for (const [index, part] of parts.entries()) {
    const where = parts.length === 1 ? '' : ` (URL ${index + 1})`;
    const read = readOne(part, form);
    if (!read.ok) return { ok: false, problem: `${read.problem}${where}` };
    urls.push(read.value);
    for (const [name, value] of read.value.searchParams)
      if (!options.getAll(name).includes(value)) options.append(name, value);
  }
  return { ok: true, value: { urls, options } };
}

function readOne(text: string, { prefix, defaultPorts, pathProblem, options }: PrefixedForm): Reading<URL> {
  const problem = (what: string): Reading<URL> => ({ ok: false, problem: what });
  const begin = `${prefix}+`;
  const isPrefixed = text.toLowerCase().startsWith(begin);
  const plain = text.slice(begin.length);
  if (!isPrefixed || !/^https?:\/\//i.test(plain))
    return problem(`does not begin with ${begin}http:// or ${begin}https://`);
  const url = URL.parse(plain);
  if (url === null || url.hostname === '') return problem('is not a URL with a valid host and port');
  if (url.username !== '' || url.password !== '')
    return problem('contains a login: remove it, and set REGISTRY_TOKEN instead');
  // The parser drops a port that is the scheme's own, so it has to be looked for.
  if (!/^[^/?#]*:\d+$/.test(plain.slice(plain.indexOf('//') + 2).split(/[/?#]/, 1)[0] ?? '')) {
    if (defaultPorts === undefined) return problem('names no port');
    url.port = String(url.protocol === 'https:' ? defaultPorts.https : defaultPorts.http);
  }
  if (url.port === '0') return problem('is not a URL with a valid host and port');
  if (url.hash !== '') return problem('has a part after "#": remove it');
  const wrongPath = pathProblem(url.pathname);
  if (wrongPath !== undefined) return problem(wrongPath);
  const unknown = [...url.searchParams.keys()].some((name) => !options.includes(name));
  if (unknown)
    return problem(
      options.length === 0
        ? 'has a part after "?": remove it'
        : `has an unknown option after "?" (known: ${options.join(', ')})`,
    );
  return { ok: true, value: url };
}

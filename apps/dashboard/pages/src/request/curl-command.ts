/** A request that a person may want to repeat in a terminal. */
export interface CurlRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A word that a POSIX shell passes on as it is, whatever is in it. */
function shellWord(text: string): string {
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(text)) return text;
  // Within single quotes nothing has a meaning, but a single quote cannot be there: it ends them, stands escaped, and begins them anew.
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** The curl command that sends a request, for a POSIX shell. */
export function curlCommand(request: CurlRequest): string {
  const words = ['curl', '-i'];
  const hasBody = request.body !== undefined && request.body !== '';
  // `-X HEAD` would make curl wait for a body that never comes.
  if (request.method === 'HEAD') words.push('-I');
  else if (request.method !== (hasBody ? 'POST' : 'GET')) words.push('-X', shellWord(request.method));
  // curl reads ranges out of brackets and braces, and removes `/../` from paths, unless told not to.
  if (/[[\]{}]/.test(request.url)) words.push('-g');
  if (/\/\.{1,2}(?:[/?#]|$)/.test(request.url)) words.push('--path-as-is');
  words.push(shellWord(request.url));
  for (const [name, value] of Object.entries(request.headers ?? {})) {
    // `name:` would remove the field: curl sends an empty one if a semicolon ends it.
    words.push('-H', shellWord(value === '' ? `${name};` : `${name}: ${value}`));
  }
  // `--data` would read a file if the body began with `@`.
  if (hasBody) words.push('--data-raw', shellWord(request.body ?? ''));
  return words.join(' ');
}

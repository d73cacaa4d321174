/** What is shown instead of what may be a credential. */
export const hidden = '***';

/** A URL or a path with the values of its query hidden: tokens stand there, and what is found is logged and shown to anybody. */
export function hiddenQuery(text: string): string {
  const [place = '', query] = text.split(/\?(.*)/s, 2);
  if (query === undefined || query === '') return text;
  const shown = query.split('&').map((part) => (part.includes('=') ? part.replace(/=.*/s, `=${hidden}`) : part));
  return `${place}?${shown.join('&')}`;
}

const everythingBelow = 'end the match in "/": it then covers everything below';

/** How other routers write what a segment here is not, and what to write instead. `$1` is the name that was found. */
const forms: readonly (readonly [form: RegExp, advice: string])[] = [
  [/^:(\w+)\??$/, 'write {$1}'],
  [/^<(?:\w+:)?(\w+)>$/, 'write {$1}'],
  [/^\[(\w+)\]$/, 'write {$1}'],
  [/^\$\{(\w+)\}$/, 'write {$1}'],
  [
    /^\{(\w+)(?:\?|:[^*]+|<.+>)\}$/,
    'write {$1}: a parameter matches any one segment, and the service checks its value',
  ],
  [/^(?:\*+\w*|\(?\.[*+]\)?|:\w+[*+]|<path:\w+>)$/, everythingBelow],
  [/^(?:\{\*+\w*\}|\{\w+(?:[*+]|\.{3}|:\.?\*)\}|\{\.{3}\w+\}|\[{1,2}\.{3}\w+\]{1,2})$/, everythingBelow],
  [/\{\w*\}/, 'a parameter is a whole segment'],
  [/\*|^\^|\$$|\.\+|\\|\[.*\]|\(.*[|?].*\)/, 'a match is not a regular expression'],
  [/\?/, "remove the query: the request's own query is forwarded"],
  [/#/, 'remove the fragment: clients never send it'],
  [/\s/, 'remove the white space'],
  [/%/, 'write it decoded: a match is compared with the decoded path'],
  [/[^\x20-\x7e]/, 'use only ASCII characters in a match; {name} matches any'],
];

/** What to write instead of a segment that belongs to another router; undefined when it is a plain word. */
export function adviceFor(segment: string): string | undefined {
  for (const [form, advice] of forms) {
    const found = form.exec(segment);
    if (found !== null) return advice.replace('$1', found[1] ?? '');
  }
  return undefined;
}

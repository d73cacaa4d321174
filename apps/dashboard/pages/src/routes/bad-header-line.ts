/** The first line that is no header field, as `Name: value` is; undefined: all are. Empty lines say nothing. */
export function badHeaderLine(text: string): string | undefined {
  return text
    .split('\n')
    .map((line) => line.trim())
    .find((line) => line !== '' && !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+:/.test(line));
}

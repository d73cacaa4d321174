import { REASONS, TOLERATED } from '@flotilla/http1';

const opening = `# Which messages are read, and which refused

<!-- Generated from packages/http1/src/reasons/ by "npm run generate". Do not edit. -->

Each form that is not in the grammar of RFC 9112 was asked: could two programs on the way read this differently? If so it is
refused, since a request or an answer can hide in the difference. If there is one reading, it is read, and written anew in the
right form. What the peers do was tried with nginx 1.22, HAProxy 2.6, \`net/http\` of Go 1.26 and \`node:http\` of Node.js 24.

HTTP/2 requests are read by the same rules. ADR 0015, among the [decisions](decisions.md), has the reasons.
`;

/** The text of `docs/http1.md`. */
export function generateHttp1Document(): string {
  const refused = Object.entries(REASONS).map(
    ([reason, { detail, status, why }]) => `| ${reason} | ${status} | ${cell(detail)} | ${cell(why)} |`,
  );
  const tolerated = Object.values(TOLERATED).map(
    ({ form, in: where, instead, why }) => `| ${cell(form)} | ${where} | ${cell(instead)} | ${cell(why)} |`,
  );
  return `${opening}
## Refused

The status is what a client gets that sent it; the connection closes then. An upstream's answer that is refused is a 502, and its
connection is not used again. The reason stands in the access log.

| reason | status | what is wrong | why it is refused |
|---|---|---|---|
${refused.join('\n')}

## Read though it is odd

| form | in | what is done with it | why it is read |
|---|---|---|---|
${tolerated.join('\n')}
`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

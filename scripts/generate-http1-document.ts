import { REASONS, TOLERATED } from '@flotilla/http1';

const opening = `# HTTP/1.1 messages

<!-- Generated from packages/http1/src/reasons/ by "npm run generate". Do not edit. -->

Not every message follows the grammar of RFC 9112. For each form that does not, the question is: could two programs on the way read it
differently? If so, it is refused, because a second request or answer can hide in the difference. If there is only one reading, the message is
accepted and passed on in the right form. How other programs treat it was tried with nginx 1.22, HAProxy 2.6, \`net/http\` of Go 1.26 and
\`node:http\` of Node.js 24.

HTTP/2 requests follow the same rules. ADR 0015, among the [decisions](decisions.md), has the reasons.
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

A client that sends such a message gets this status, and the connection is closed. If a service sends such an answer, the client gets a 502
and the connection is not used again. The access log has the reason.

| reason | status | what is wrong | why it is refused |
|---|---|---|---|
${refused.join('\n')}

## Accepted, though odd

| form | in | what is done with it | why it is accepted |
|---|---|---|---|
${tolerated.join('\n')}
`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

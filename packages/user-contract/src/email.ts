import { rule } from '@flotilla/contracts';
import { wireShape } from '@flotilla/kit/resource';
import { z } from 'zod';
import { userFieldErrors } from './user-errors.ts';

/** RFC 5321, 4.5.3.1: a path has 256 octets with its two angle brackets, the part before the `@` 64. */
const maxEmailLength = 254;
const maxLocalLength = 64;

const localPart = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const label = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;
const topLevel = /^[A-Za-z]/;

/**
 * Email addresses that people really have: an unquoted local part and a domain of at least two labels, all ASCII (a domain in
 * another script in its `xn--` form). Quoted local parts and address literals, which RFC 5321 also allows, are refused: in a
 * form they are typing errors.
 */
function isEmail(text: string): boolean {
  const at = text.lastIndexOf('@');
  const labels = text.slice(at + 1).split('.');
  return (
    at >= 1 &&
    at <= maxLocalLength &&
    localPart.test(text.slice(0, at)) &&
    labels.length >= 2 &&
    labels.every((part) => label.test(part)) &&
    topLevel.test(labels.at(-1) ?? '')
  );
}

/** An email address; white space around it is removed. */
export const emailSchema: z.ZodType<string, string> = wireShape(
  z
    .string()
    .refine((text) => text.length <= maxEmailLength * 2, rule('TOO_LONG', { max: maxEmailLength }))
    .transform((text) => text.trim())
    .pipe(z.string().max(maxEmailLength).refine(isEmail, rule(userFieldErrors.NOT_AN_EMAIL))),
  {
    type: 'string',
    maxLength: maxEmailLength * 2,
    pattern: patternOfEmail(),
    examples: ['alice@example.com'],
    description: {
      en: `An email address in ASCII: at most ${maxLocalLength} characters before the @ and ${maxEmailLength} in all, without the white space around it.`,
      'zh-CN': `ASCII 邮箱地址：@ 之前最多 ${maxLocalLength} 个字符，去掉首尾空白后总长最多 ${maxEmailLength} 个字符。`,
    },
  },
);

/** {@link isEmail} as one expression, apart from the lengths that only the description tells. */
function patternOfEmail(): string {
  const [local, part] = [localPart.source.slice(1, -1), label.source.slice(1, -1)];
  const lastLabel = part.replace('[A-Za-z0-9]', '[A-Za-z]');
  return `^\\s*${local}@(?:${part}\\.)+${lastLabel}\\s*$`;
}

/** The form in which addresses are compared. */
export function emailKey(email: string): string {
  return email.toLowerCase();
}

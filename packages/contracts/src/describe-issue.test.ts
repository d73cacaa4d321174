import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { defineFieldErrors, describeIssue, fieldMessage, noOwnText, rule, ruleIssue } from './index.ts';

/** The problems of `value`, as `CODE: English · Chinese`. */
function problemsOf(schema: z.ZodType, value: unknown): string[] {
  const issues = schema.safeParse(value, { error: noOwnText }).error?.issues ?? [];
  return issues.map((issue) => {
    const broken = describeIssue(issue, value);
    return `${broken.code}: ${fieldMessage(broken, 'en')} · ${fieldMessage(broken, 'zh-CN')}`;
  });
}

const cases: readonly (readonly [schema: z.ZodType, value: unknown, said: string])[] = [
  [z.string(), 1, 'NOT_TEXT: must be a string · 必须是字符串'],
  [z.number(), '1', 'NOT_A_NUMBER: must be a number · 必须是数字'],
  [z.number(), Number.POSITIVE_INFINITY, 'NOT_FINITE: is beyond the range of numbers · 超出数字的表示范围'],
  [z.int(), 1.5, 'NOT_AN_INTEGER: must be a whole number · 必须是整数'],
  [z.int(), 2 ** 53, 'TOO_LARGE: must be at most 9007199254740991 · 不能大于 9007199254740991'],
  [z.boolean(), 'true', 'NOT_A_BOOLEAN: must be true or false · 必须是 true 或 false'],
  [z.object({}), [], 'NOT_AN_OBJECT: must be an object · 必须是对象'],
  [z.record(z.string(), z.string()), 1, 'NOT_AN_OBJECT: must be an object · 必须是对象'],
  [z.array(z.string()), {}, 'NOT_AN_ARRAY: must be an array · 必须是数组'],
  [z.date(), 'today', 'NOT_VALID: is not valid · 无效'],
  [z.string().min(1), '', 'EMPTY: must not be empty · 不能为空'],
  [z.string().min(2), 'a', 'TOO_SHORT: must have at least 2 characters · 至少需要 2 个字符'],
  [z.string().max(2), 'abc', 'TOO_LONG: must have at most 2 characters · 最多 2 个字符'],
  [z.string().length(2), 'a', 'WRONG_LENGTH: must have exactly 2 characters · 必须正好是 2 个字符'],
  [z.string().length(2), 'abc', 'WRONG_LENGTH: must have exactly 2 characters · 必须正好是 2 个字符'],
  [z.number().min(0), -1, 'TOO_SMALL: must be at least 0 · 不能小于 0'],
  [z.number().max(9.5), 10, 'TOO_LARGE: must be at most 9.5 · 不能大于 9.5'],
  [z.number().gt(0), 0, 'NOT_ABOVE: must be greater than 0 · 必须大于 0'],
  [z.number().lt(9), 9, 'NOT_BELOW: must be less than 9 · 必须小于 9'],
  [z.number().multipleOf(5), 7, 'NOT_A_MULTIPLE: must be a multiple of 5 · 必须是 5 的倍数'],
  [z.array(z.int()).min(1), [], 'TOO_FEW: must have at least 1 entries · 至少需要 1 项'],
  [z.array(z.int()).max(1), [1, 2], 'TOO_MANY: must have at most 1 entries · 最多 1 项'],
  [z.array(z.int()).length(1), [], 'WRONG_COUNT: must have exactly 1 entries · 必须正好有 1 项'],
  [z.array(z.int()).length(1), [1, 2], 'WRONG_COUNT: must have exactly 1 entries · 必须正好有 1 项'],
  [z.enum(['a', 'b']), 'c', 'NOT_ONE_OF: must be one of: a, b · 必须是以下值之一：a, b'],
  [z.literal(7), 8, 'NOT_ONE_OF: must be one of: 7 · 必须是以下值之一：7'],
  [z.strictObject({}), { a: 1 }, 'UNKNOWN_FIELD: is not a known field · 是未知字段'],
  [
    z.record(z.string().max(1), z.int()),
    { ab: 1 },
    'WRONG_NAME: has a name that is not allowed here · 的名称在此处不允许',
  ],
  [z.email(), 'x', 'WRONG_FORMAT: does not have the expected format · 格式不正确'],
  [z.string().regex(/^a/), 'b', 'WRONG_FORMAT: does not have the expected format · 格式不正确'],
  [z.union([z.string(), z.int()]), true, 'NOT_VALID: is not valid · 无效'],
  [z.string().refine(() => false), 'x', 'NOT_VALID: is not valid · 无效'],
];

for (const [schema, value, said] of cases)
  test(`zod's finding is described in our words: ${said}`, () => assert.deepEqual(problemsOf(schema, value), [said]));

test('an unknown member of a discriminated union is reported with the values of its discriminator', () => {
  const shape = z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('circle') }),
    z.object({ kind: z.literal('square') }),
  ]);
  const [said] = problemsOf(shape, { kind: 'star' });
  assert.match(said ?? '', /^NOT_(?:ONE_OF: must be one of: circle, square|VALID)/);
});

test("a rule's own texts are used, with parameters, from refine and from addIssue", () => {
  const refined = z.string().refine(() => false, rule('TOO_LONG', { max: 7 }));
  assert.deepEqual(problemsOf(refined, 'x'), ['TOO_LONG: must have at most 7 characters · 最多 7 个字符']);
  const own = defineFieldErrors('a-service', {
    NOT_A_PRIME: { en: 'must be a prime above {min}', 'zh-CN': '必须是大于 {min} 的质数' },
  });
  const transformed = z.string().transform((_text, context) => {
    context.addIssue(ruleIssue(own.NOT_A_PRIME, { min: 2 }));
    return z.NEVER;
  });
  assert.deepEqual(problemsOf(transformed, 'x'), ['NOT_A_PRIME: must be a prime above 2 · 必须是大于 2 的质数']);
});

test("a rule reads well without a caller too, where only zod's own error is seen", () => {
  const { error } = z
    .string()
    .refine(() => false, rule('NOT_A_TAG'))
    .safeParse('x');
  assert.equal(error?.issues[0]?.message, 'must be printable ASCII without spaces');
});

test("a schema author's own text in one language is kept", () => {
  const own = z.string().regex(/^a/, 'must begin with a');
  assert.deepEqual(problemsOf(own, 'b'), ['NOT_VALID: must begin with a · must begin with a']);
});

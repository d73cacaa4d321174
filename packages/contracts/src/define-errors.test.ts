import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  AppError,
  defineErrors,
  defineFieldErrors,
  type ErrorRow,
  isAppError,
  requireDistinctCodes,
  toProblem,
} from './index.ts';

const row = {
  status: 409,
  grpc: 'FAILED_PRECONDITION',
  retryable: false,
  message: { en: 'There is no room for {count} more', 'zh-CN': '放不下另外 {count} 件' },
  detail: { en: 'The cart {cart} is full', 'zh-CN': '购物车 {cart} 已满' },
  cause: 'Of a test.',
  action: 'Nothing.',
} as const satisfies ErrorRow;

const cartErrors = defineErrors('cart-service', { CART_FULL: row });

test('an error of a service is answered like a core error: status, code, texts in both languages', () => {
  const error = new AppError(cartErrors.CART_FULL, { parameters: { count: 2, cart: 'c7' } });
  assert.equal(error.message, 'There is no room for 2 more');
  assert.deepEqual(toProblem(error, { locale: 'zh-CN' }), {
    type: 'urn:flotilla:error:CART_FULL',
    title: '放不下另外 2 件',
    status: 409,
    code: 'CART_FULL',
    detail: '购物车 c7 已满',
  });
  assert.ok(isAppError(error, cartErrors.CART_FULL) && !isAppError(error, 'CONFLICT'));
});

test('a detail given with the error takes precedence over the text of its code', () => {
  const error = new AppError(cartErrors.CART_FULL, { parameters: { count: 2, cart: 'c7' }, detail: 'Two too many.' });
  assert.deepEqual([error.detail, error.detailIn('zh-CN')], ['Two too many.', 'Two too many.']);
});

test('the compiler knows codes and parameters', () => {
  // @ts-expect-error -- there is no such code
  assert.throws(() => new AppError(cartErrors.CART_FUL), TypeError);
  // @ts-expect-error -- the text needs a cart too
  assert.equal(new AppError(cartErrors.CART_FULL, { parameters: { count: 1 } }).detail, 'The cart {cart} is full');
  // @ts-expect-error -- a parameter that no text has
  assert.ok(new AppError('GONE', { parameters: { cart: 'c7' } }));
  // @ts-expect-error -- no such code in the core
  assert.throws(() => isAppError(new AppError('GONE'), 'GNE'), /Unknown error code "GNE"/);
});

for (const [what, rows, expected] of [
  ['a code of the core', { NOT_FOUND: row }, /NOT_FOUND is already a core code/],
  ['a code in small letters', { cartFull: row }, /"cartFull" must consist of capital letters/],
  ['a status that is not an error', { X: { ...row, status: 200 } }, /status of X must be from 400 to 599/],
  ['a text that is empty', { X: { ...row, message: { en: 'x', 'zh-CN': ' ' } } }, /X has no text in zh-CN/],
  [
    'a language that needs other parameters',
    { X: { ...row, detail: { en: 'of {cart}', 'zh-CN': '{card}' } } },
    /the text of X in zh-CN has other parameters/,
  ],
] as const) {
  test(`${what} is refused where it is defined, with the name of its owner`, () => {
    assert.throws(() => defineErrors('cart-service', rows), expected);
    assert.throws(() => defineErrors('cart-service', rows), /^TypeError: The errors of cart-service/);
  });
}

test('field errors follow the same rules', () => {
  const texts = { EMPTY: { en: 'is empty', 'zh-CN': '' } };
  assert.throws(() => defineFieldErrors('a', texts), /EMPTY is already a core code; EMPTY has no text in zh-CN/);
});

test('two services that define the same code are found', () => {
  const other = defineErrors('basket-service', { CART_FULL: row });
  requireDistinctCodes([cartErrors.CART_FULL, cartErrors.CART_FULL]);
  assert.throws(
    () => requireDistinctCodes([...Object.values(cartErrors), ...Object.values(other)]),
    /defined twice: CART_FULL by cart-service and by basket-service\.$/,
  );
});

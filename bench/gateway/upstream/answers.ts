/** What the upstream answers, by path. Proxies pass it on unchanged, so it also shows whether they work. */
export const answers: Readonly<Record<string, string>> = {
  '/small': '{"id":1,"name":"Alice","email":"alice@example.com"}',
  '/json-10k': JSON.stringify(
    Array.from({ length: 130 }, (_, index) => ({
      id: index + 1,
      user_id: 1,
      item: `Item ${index}`,
      amount: 100 + index,
    })),
  ).padEnd(10_240, ' '),
  '/large-1m': '0123456789abcdef'.repeat(65_536),
};

/** To which bodies are sent. Answered once all has arrived. */
export const uploadPath = '/upload';

/** Fields without which the upstream answers 500, so that no proxy wins by leaving them out. */
export const wantedFields: readonly string[] = ['x-forwarded-for', 'x-forwarded-proto'];

import { z } from 'zod';

/** Which part of a request is the key. */
export interface KeySource {
  /**
   * `header`: the value of a header field. `cookie`: the value of a cookie. `parameter`: a `{name}` of the route's
   * match, or a parameter of an aggregate. `client`: the client's IPv4 address or the /64 network of its IPv6 address,
   * as in the `X-Forwarded-For` of a trusted proxy. A request without it goes to any instance.
   */
  readonly from: 'header' | 'cookie' | 'parameter' | 'client';
  /** The name of the header, cookie or parameter. */
  readonly name?: string;
}

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** What proxies and clients write there themselves: it says who the client is only behind a trusted proxy. */
const saysClient = /^(?:x-forwarded-for|forwarded|x-real-ip|x-client-ip|true-client-ip|cf-connecting-ip)$/i;

/** Checks a {@link KeySource}. */
export const keySourceSchema: z.ZodType<KeySource> = z
  .strictObject(
    {
      from: z.enum(['header', 'cookie', 'parameter', 'client'], "must be 'header', 'cookie', 'parameter' or 'client'"),
      name: z.string().regex(token, 'must be a valid name').exactOptional(),
    },
    {
      error: ({ code }) =>
        code === 'invalid_type' ? "must be an object such as { from: 'header', name: 'X-Tenant' }" : undefined,
    },
  )
  .superRefine(({ from, name }, { addIssue }) => {
    const report = (message: string): void => addIssue({ code: 'custom', path: ['name'], message });
    if (from === 'client' && name !== undefined) report("must not be set with from: 'client'");
    if (from !== 'client' && name === undefined) report(`must name the ${from}`);
    if (from !== 'header' || name === undefined) return;
    if (saysClient.test(name)) report(`must not be ${name}, which any client can set: use key: { from: 'client' }`);
    if (name.toLowerCase() === 'cookie') report("must not be all cookies: use key: { from: 'cookie', name: … }");
  });

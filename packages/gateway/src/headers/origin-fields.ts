/**
 * Fields by which proxies tell a service who its client is, how it was reached and what was asked for, beside those that
 * the codec knows by number. Whoever believes them believes whoever sent them: what each is believed by stands beside it.
 */
const names: ReadonlySet<string> = new Set([
  // The client's address: Rails, Spring, Akamai, Cloudflare, Fastly, Fly.io, WebLogic, Azure, Netlify, DigitalOcean, Imperva,
  // Sucuri, Alibaba; all of them are in the lists that libraries such as request-ip go through.
  ...[
    'client-ip',
    'x-real-ip',
    'x-client-ip',
    'x-client-port',
    'x-cluster-client-ip',
    'true-client-ip',
    'fly-client-ip',
    'x-real-port',
  ],
  ...['x-proxyuser-ip', 'proxy-client-ip', 'wl-proxy-client-ip', 'x-remote-ip', 'x-remote-addr', 'remote-addr'],
  ...['x-originating-ip', 'x-nf-client-connection-ip', 'do-connecting-ip', 'incap-client-ip', 'x-sucuri-clientip'],
  ...[
    'ali-cdn-real-ip',
    'cdn-src-ip',
    'x-appengine-user-ip',
    'x-appengine-remote-addr',
    'x-azure-clientip',
    'x-azure-socketip',
  ],
  // Scheme, host and path: Rack, Gunicorn, Werkzeug, IIS and ASP.NET, Symfony, WSGI prefix middleware.
  ...['front-end-https', 'x-url-scheme', 'x-scheme', 'x-arr-ssl', 'x-arr-clientcert', 'x-rewrite-url', 'x-host'],
  ...['x-http-host-override', 'x-script-name', 'script-name', 'x-proto', 'x-https'],
  // Who the user is: authenticating proxies in front of Grafana, Jenkins, Kubernetes, Airflow and their like.
  ...['remote-user', 'x-remote-user', 'x-remote-group', 'x-authenticated-user', 'x-webauth-user', 'x-webauth-groups'],
  // The client's certificate (RFC 9440, 4: a proxy that ends TLS must take these out of what clients send).
  ...['client-cert', 'client-cert-chain', 'x-client-cert', 'x-client-cert-chain', 'x-client-dn', 'x-client-verify'],
  // Not from a proxy at all: CGI makes it HTTP_PROXY, the proxy for the service's own requests (CVE-2016-5385).
  'proxy',
]);

const beginnings: readonly string[] = [
  // ASP.NET Core, ingress-nginx, IIS, Envoy.
  'x-original-',
  'x-envoy-',
  // Content delivery networks and platforms, each with a family of its own.
  ...['cf-', 'fastly-', 'cloudfront-', 'x-appengine-', 'x-amzn-oidc-', 'x-amzn-mtls-', 'x-goog-authenticated-user-'],
  ...['x-goog-iap-', 'x-ms-client-principal', 'x-ms-token-', 'x-auth-request-', 'x-remote-extra-'],
  // Client certificates: ingress-nginx, Apache, HAProxy, Traefik.
  ...['ssl-client-', 'x-ssl-', 'x-client-ssl', 'x-tls-client-'],
];

/** All names with `forwarded` in them, and those that begin so: one look at a name is cheaper than one for each. */
const pattern = new RegExp(`forwarded|^(?:${beginnings.join('|')})`);

/**
 * Whether a field tells of what is behind a peer, so that only a trusted proxy may say it. All names with `forwarded` in
 * them do: X-Forwarded-Prefix, -Ssl, -User, Forwarded-For, X-Vercel-Forwarded-For and whatever will be invented next.
 *
 * @param name in any case; what is neither letter nor digit counts as a dash, as it does for a service behind CGI
 */
export function tellsOrigin(name: string): boolean {
  const plain = hasAlias(name) ? plainName(name) : name.toLowerCase();
  return names.has(plain) || pattern.test(plain);
}

/** The name as a service behind CGI has it: in lower case, with a dash for all that is neither letter nor digit. */
export function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '-');
}

/** Whether a name is written so that servers could take it for another: CGI makes one of `X_A`, `X.A` and `X-A`. */
export function hasAlias(name: string): boolean {
  return /[^A-Za-z0-9-]/.test(name);
}

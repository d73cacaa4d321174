// The parts that messages are made of, with a bar between them: first what is right, then what programs disagree on.

const parts = (text: string): readonly string[] => text.split('|');

export const METHODS: readonly string[] = parts('GET|GET|GET|POST|POST|PUT|HEAD|DELETE|PATCH|OPTIONS');
export const ODD_METHODS: readonly string[] = parts('CONNECT|TRACE|X|get|GETX|G@T|LOCK|QUERY|PRI|SOURCE|M-SEARCH');

export const TARGETS: readonly string[] = parts('/|/|/|/a/b?c=d|/%41|//x|/a/../b|http://b.example/x');
export const ODD_TARGETS: readonly string[] = parts(
  '*|b:1|http://b.example|http://u@b/|https://b?x|ftp://b/|/#a|/%4|/[\xe9||http://|a|/\\|/a b|\\',
);
export const TARGET_CHARACTERS = 'ab/?=&[];:@+.~_-!\'()*,$12%#|^{}`<>"\\';

export const VERSIONS: readonly string[] = parts('HTTP/1.1|HTTP/1.1|HTTP/1.1|HTTP/1.1|HTTP/1.1|HTTP/1.1|HTTP/1.0');
export const ODD_VERSIONS: readonly string[] = parts(
  'HTTP/1.2|HTTP/2.0|HTTP/0.9|http/1.1||HTTP/1.1 |HTTP/1.10|ICE/1.0',
);

export const HOSTS: readonly string[] = parts('a.example|a.example:80|[::1]:80|192.0.2.1|order_service');
export const ODD_HOSTS: readonly string[] = parts('|a, b|u@a|a/b|a:b|a:|[::1|a%41|\xe9|a b');

export const FIELDS: readonly string[] = parts(
  'Accept: */*|User-Agent: fuzz/1.0|X-A: b|X-Empty:|X-Tab:\tx\t|x-obs: \xe9\xff|Cookie: a=1; b=2|Connection: keep-alive|' +
    'Connection: close|Connection: x, Keep-Alive|Connection: Upgrade|Upgrade: h2c|Upgrade: websocket|Expect: y|' +
    'Expect: 100-continue|Trailer: X-T|TE: trailers|Keep-Alive: 5|Proxy-Connection: keep-alive|Set-Cookie: a=b|' +
    'Date: now|X-A: c|Location: /|constructor: 1|ETag: "x"|Connection:|Connection: keep-alive, close|Proxy-Connection: close|' +
    'Proxy-Connection: upgrade|Proxy-Connection: Keep-Alive|Expect:|Connection: keep-alive, timeout=5',
);
export const ODD_FIELDS: readonly string[] = parts(
  'X_A: 1|__proto__: 1|Host: b|Connection: a b|Upgrade: @|X-A:\x0b1|X-A : 1|: 1|X-A|X-A: 1\r\n 2|X-A: 1\n|X-A: \x7f|\xe9: 1|' +
    ' X-A: 1|X-A\t: 1|X(A): 1|X-A: a\rb|X-A: a\0b|Connection: close;x|Upgrade: a b|Content-Length: 0|Content-Length: 7',
);

export const ODD_FRAMING: readonly string[] = parts(
  'Content-Length: 5, 5|Content-Length: 05|Content-Length: +5|Content-Length: |Content-Length: 0|Content-Length: 5|' +
    'Content-Length: 0x5|Content-Length: 99999999999999999999|Content-Length : 5|Transfer-Encoding: chunked|' +
    'Transfer-Encoding: gzip, chunked|Transfer-Encoding: chunked, gzip|Transfer-Encoding: identity|Transfer-Encoding:|' +
    'Transfer-Encoding: xchunked|Transfer-Encoding:\x0bchunked|Transfer-Encoding:\r\n chunked|' +
    'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked|transfer-encoding: Chunked|Transfer-Encoding: CHUNKED,|' +
    'Content-Length: 5\r\nContent-Length: 5|Content-Length: 9007199254740993|Content-Length: 5\t|Content-Length:5',
);

export const EXTENSIONS: readonly string[] = parts(
  ' |\t|  ;a ; b = c |;a|;a=b|;a="b c"|;a;b=c|;| ;a|;a=|;a="\\""|; a|;a = b|;\xe9|;a="\xe9"|;a=b"c"|;a="b"c|;a="\t"|;a=,|;a="\n"',
);
export const TRAILERS: readonly string[] = parts(
  'X-T: 1|X-Sum:|X-T: 2|x-u: \xe9|X-T:\t1 |Content-Length: 5|Transfer-Encoding: chunked|Host: b|X T: 1|Connection: close',
);

export const STATUSES: readonly string[] = parts(
  '200 OK|200 OK|200 OK|200 |200|204 No Content|304 Not Modified|404 Not \xe9|500 X|205 R',
);
export const ODD_STATUSES: readonly string[] = parts(
  '302|99 X|099 X|600 X|20 X|2000 X| 200 OK|200  OK|200\tOK|200 \0|+20 X',
);
export const INFORMATIONAL: readonly string[] = parts('100 Continue|103 Early Hints|102 P|101 Switching Protocols');

export const CONTENT_CHARACTERS = 'abc012\r\n\x00\xff:; ';

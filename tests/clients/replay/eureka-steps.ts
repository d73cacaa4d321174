import { del, get, post, put, type Step } from './step.ts';

const json = { 'content-type': 'application/json', accept: 'application/json' };
const xml = { 'content-type': 'application/xml' };
const dataCenterInfo = {
  '@class': 'com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo',
  name: 'MyOwn',
};
const port = { $: 8080, '@enabled': 'true' };

const full = {
  instanceId: 'h1:web:8080',
  hostName: 'h1.example',
  app: 'web',
  appGroupName: 'shops',
  ipAddr: '10.0.0.1',
  status: 'UP',
  overriddenstatus: 'UNKNOWN',
  port,
  securePort: { $: 443, '@enabled': 'false' },
  countryId: 1,
  dataCenterInfo,
  leaseInfo: { renewalIntervalInSecs: 10, durationInSecs: 30 },
  metadata: { 'management.port': '8081', a_b: '1<2 & "3"', 'x y': 'é' },
  homePageUrl: 'http://h1:8080/',
  statusPageUrl: 'http://h1:8080/info',
  healthCheckUrl: 'http://h1:8080/health',
  vipAddress: 'web,other',
  secureVipAddress: 'web-secure',
  isCoordinatingDiscoveryServer: 'false',
  lastUpdatedTimestamp: '1700000000000',
  lastDirtyTimestamp: '1700000000000',
};
const small = { hostName: 'h2', app: 'WEB', ipAddr: '10.0.0.2', vipAddress: 'web', port, dataCenterInfo };
const third = `<instance><instanceId>h3</instanceId><hostName>h3</hostName><app>web</app><ipAddr>10.0.0.3</ipAddr>
<vipAddress>web</vipAddress><status>STARTING</status><port enabled="true">8083</port>
<dataCenterInfo class="com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo"><name>MyOwn</name></dataCenterInfo>
<metadata><a__b>v</a__b><c.d>w</c.d></metadata></instance>`;

function register(title: string, app: string, instance: object): Step {
  return post(title, `/eureka/apps/${app}`, { instance }, { headers: json });
}

/** The same in JSON and in XML. */
function both(title: string, target: string, more: Readonly<Record<string, string>> = {}): readonly Step[] {
  return [
    get(title, target, { headers: { accept: 'application/json', ...more } }),
    get(`${title} in XML`, target, { headers: { accept: '*/*', ...more } }),
  ];
}

const h2 = '/eureka/apps/web/h2';

/** The requests that are sent to a Eureka server and to our registry, in this order. */
export const eurekaSteps: readonly Step[] = [
  ...both('nobody yet', '/eureka/apps'),
  ...both('no delta yet', '/eureka/apps/delta'),
  register('register with everything', 'WEB', full),
  register('register with little', 'web', { ...small, instanceId: 'h2' }),
  register('register without an id', 'noid', { ...small, app: 'noid', hostName: 'h9' }),
  post('register in XML', '/eureka/apps/web', third, { headers: xml }),
  register('another application', 'web', { ...small, app: 'OTHER' }),
  register('no host name', 'web', { ...small, instanceId: 'x', hostName: undefined }),
  register('no address', 'web', { ...small, ipAddr: undefined }),
  register('no data center', 'web', { ...small, dataCenterInfo: undefined }),
  register('no id at all', 'web', { app: 'WEB', ipAddr: '10.0.0.2', dataCenterInfo }),
  post('no JSON', '/eureka/apps/web', '{bad', { headers: json }),
  post('another type', '/eureka/apps/web', 'x', { headers: { 'content-type': 'text/plain' } }),
  ...both('list', '/eureka/apps/WEB'),
  ...both('one', '/eureka/apps/WEB/h1:web:8080'),
  ...both('one with a slash at the end', '/eureka/apps/web/h1:web:8080/'),
  ...both('one without an id', '/eureka/apps/NOID/h9'),
  ...both('by id alone', '/eureka/instances/h2'),
  ...both('by virtual address', '/eureka/vips/other'),
  ...both('by secure virtual address', '/eureka/svips/web-secure'),
  ...both('by an unknown address', '/eureka/vips/none'),
  ...both('unknown application', '/eureka/apps/NONE'),
  ...both('unknown instance', '/eureka/apps/WEB/none'),
  ...both('unknown id', '/eureka/instances/none'),
  put('renew', `${h2}?status=UP&lastDirtyTimestamp=1`),
  put('renew without a word', h2),
  put('renew with news', `${h2}?lastDirtyTimestamp=9999999999999`),
  put('renew nobody', '/eureka/apps/web/none'),
  put('renew at no time', `${h2}?lastDirtyTimestamp=abc`),
  put('take out of service', `${h2}/status?value=OUT_OF_SERVICE`),
  ...both('out of service', h2),
  put('override with down', `${h2}/status?value=DOWN`),
  ...both('down', h2),
  register('register again while down', 'web', { ...small, instanceId: 'h2' }),
  ...both('still down', h2),
  put('override with up', `${h2}/status?value=UP`),
  ...both('up again', h2),
  del('end the override', `${h2}/status?value=UP`),
  ...both('no override', h2),
  put('override of one that starts', '/eureka/apps/web/h3/status?value=UP'),
  ...both('starting, whatever is said', '/eureka/apps/web/h3'),
  put('override nobody', '/eureka/apps/web/none/status?value=UP'),
  put('override with no word of Eureka', `${h2}/status?value=BOGUS`),
  del('end the override of nobody', '/eureka/apps/web/none/status?value=UP'),
  put('add metadata', '/eureka/apps/web/h3/metadata?k=v&l=w'),
  ...both('with more metadata', '/eureka/apps/web/h3'),
  put('add metadata to nobody', '/eureka/apps/web/none/metadata?k=v'),
  del('cancel', '/eureka/apps/WEB/h3'),
  del('cancel again', '/eureka/apps/WEB/h3'),
  ...both('list of all', '/eureka/apps/'),
  ...both('compact list', '/eureka/apps', { 'x-eureka-accept': 'compact' }),
  post('post to the list', '/eureka/apps'),
  del('delete an application', '/eureka/apps/WEB'),
  register('a data center without its class', 'loose', { ...small, app: 'loose', dataCenterInfo: { name: 'MyOwn' } }),
];

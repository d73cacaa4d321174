/** What Eureka's status page says of a server, as far as it is true of ours: it has no peers. */
export function serverStatus(media: 'json' | 'xml'): string {
  const stats = { 'registered-replicas': '', 'available-replicas': '', 'unavailable-replicas': '' };
  if (media === 'json') return JSON.stringify({ generalStats: {}, applicationStats: stats });
  const tags = Object.keys(stats).map((name) => `    <${name}></${name}>\n`);
  const inner = `  <generalStats/>\n  <applicationStats>\n${tags.join('')}  </applicationStats>\n`;
  return `<com.netflix.eureka.util.StatusInfo>\n${inner}</com.netflix.eureka.util.StatusInfo>\n`;
}

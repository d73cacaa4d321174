import { translations } from '../i18n/translations.ts';

export const alertsTexts = translations(
  {
    title: 'Alerts',
    ongoing: (count: string) => `${count} ongoing`,
    calm: 'Nothing needs attention',
    calmText:
      'The dashboard watches error rates, durations, instances, the registry, breakers, disks and certificates.',
    lasting: 'Ongoing',
    ended: 'Ended',
    severity: { warning: 'warning', critical: 'critical' },
    kinds: {
      'error-rate': 'Error rate',
      'slower-than-usual': 'Slower than usual',
      'instance-flapping': 'Instance restarts again and again',
      'instance-unhealthy': 'Instance unhealthy',
      'registry-stale': 'Registry out of date',
      'breaker-open': 'Breaker open',
      'disk-nearly-full': 'Disk nearly full',
      'certificate-ends-soon': 'Certificate ends soon',
    },
    since: (age: string) => `for ${age}`,
    lasted: (age: string, ago: string) => `lasted ${age}, ended ${ago} ago`,
    show: 'Show me',
  },
  {
    title: '告警',
    ongoing: (count) => `${count} 个进行中`,
    calm: '一切正常',
    calmText: '控制台持续检查错误率、耗时、实例、注册中心、熔断、磁盘和证书。',
    lasting: '进行中',
    ended: '已结束',
    severity: { warning: '警告', critical: '严重' },
    kinds: {
      'error-rate': '错误率',
      'slower-than-usual': '比平时慢',
      'instance-flapping': '实例反复重启',
      'instance-unhealthy': '实例不健康',
      'registry-stale': '注册中心数据过期',
      'breaker-open': '熔断已打开',
      'disk-nearly-full': '磁盘将满',
      'certificate-ends-soon': '证书即将到期',
    },
    since: (age) => `已持续 ${age}`,
    lasted: (age, ago) => `持续 ${age}，${ago}前结束`,
    show: '查看',
  },
);

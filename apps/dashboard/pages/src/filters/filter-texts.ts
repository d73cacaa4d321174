import { translations } from '../i18n/translations.ts';

export const filterTexts = translations(
  {
    range: 'Time range',
    anyTime: 'Back to the last hour',
    last: (age: string) => `Last ${age}`,
    reset: 'Clear filters',
    service: 'Service',
    allServices: 'All services',
    paused: 'Paused while you read.',
    waiting: (count: string) => `${count} new`,
    missed: (count: string) => `${count} more were too many to keep here: filter, or choose a shorter range.`,
    resume: 'Show the newest',
    pause: 'Pause',
    follow: 'Follow',
    shown: (count: string) => `${count} shown`,
  },
  {
    range: '时间范围',
    anyTime: '回到最近一小时',
    last: (age) => `最近 ${age}`,
    reset: '清除筛选',
    service: '服务',
    allServices: '所有服务',
    paused: '阅读期间已暂停。',
    waiting: (count) => `${count} 条新内容`,
    missed: (count) => `另有 ${count} 条因过多未保留：请筛选，或缩短时间范围。`,
    resume: '显示最新',
    pause: '暂停',
    follow: '继续',
    shown: (count) => `显示 ${count} 条`,
  },
);

import { translations } from '../i18n/translations.ts';

export const uiTexts = translations(
  {
    close: 'Close',
    cancel: 'Cancel',
    copy: 'Copy',
    copied: 'Copied',
    retry: 'Try again',
    loading: 'Loading',
    unreachable: 'The dashboard does not answer. Is the fleet running? Trying again…',
    stale: 'This may be out of date.',
    sortBy: (column: string) => `Sort by ${column}`,
  },
  {
    close: '关闭',
    cancel: '取消',
    copy: '复制',
    copied: '已复制',
    retry: '重试',
    loading: '正在加载',
    unreachable: '控制台没有响应。船队还在运行吗？正在重试…',
    stale: '以下内容可能不是最新的。',
    sortBy: (column) => `按${column}排序`,
  },
);

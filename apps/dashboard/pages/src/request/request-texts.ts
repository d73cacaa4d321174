import { translations } from '../i18n/translations.ts';

export const requestTexts = translations(
  {
    answered: (duration: string) => `after ${duration}`,
    noAnswer: 'no answer',
    openTrace: 'Open its trace',
    headers: (count: string) => `${count} headers`,
    cut: 'Only the beginning of the body is shown.',
    emptyBody: 'The body is empty.',
    answer: 'Answer',
  },
  {
    answered: (duration) => `${duration} 后`,
    noAnswer: '无响应',
    openTrace: '打开其链路',
    headers: (count) => `${count} 个响应头`,
    cut: '只显示响应体的开头。',
    emptyBody: '响应体为空。',
    answer: '响应',
  },
);

import type { Locale } from '@flotilla/contracts';

/** The page's own words. */
export interface PageTexts {
  readonly operations: string;
  readonly schemas: string;
  readonly parameters: string;
  readonly body: string;
  readonly answers: string;
  readonly required: string;
  readonly skip: string;
  readonly document: string;
  readonly otherLanguage: string;
  readonly deprecated: string;
  readonly none: string;
  readonly anything: string;
  readonly anyOf: string;
  readonly listOf: string;
  readonly more: string;
  readonly places: Readonly<Record<string, string>>;
}

/** The page's own words in each language. */
export const pageTexts: Readonly<Record<Locale, PageTexts>> = {
  en: {
    operations: 'Operations',
    schemas: 'Schemas',
    parameters: 'Parameters',
    body: 'Body',
    answers: 'Answers',
    required: 'required',
    skip: 'Skip to the operations',
    document: 'OpenAPI document',
    otherLanguage: '中文',
    deprecated: 'deprecated',
    none: 'This program has no operations.',
    anything: 'any value',
    anyOf: 'one of',
    listOf: 'list of',
    more: 'and more',
    places: { path: 'path', query: 'query', header: 'header', cookie: 'cookie' },
  },
  'zh-CN': {
    operations: '操作',
    schemas: '数据结构',
    parameters: '参数',
    body: '请求体',
    answers: '响应',
    required: '必填',
    skip: '跳到操作列表',
    document: 'OpenAPI 文档',
    otherLanguage: 'English',
    deprecated: '已弃用',
    none: '此程序没有操作。',
    anything: '任意值',
    anyOf: '以下之一',
    listOf: '列表，元素为',
    more: '其余从略',
    places: { path: '路径', query: '查询', header: '请求头', cookie: 'Cookie' },
  },
};

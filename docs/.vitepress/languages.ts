import { type MenuWords, sidebar, topLinks } from './navigation.ts';

const englishWords: MenuWords = {
  folder: '',
  tour: 'Tour',
  guides: 'Guides',
  reference: 'Reference',
  decisions: 'Decisions',
  allDecisions: 'About the decisions',
};

const chineseWords: MenuWords = {
  folder: 'zh/',
  tour: '导览',
  guides: '指南',
  reference: '参考',
  decisions: '架构决策',
  allDecisions: '关于架构决策',
};

/** The English half of the site. The theme's own words are English already. */
export const english = {
  label: 'English',
  lang: 'en',
  themeConfig: {
    nav: topLinks(englishWords),
    sidebar: sidebar(englishWords),
    outline: [2, 3],
    notFound: { quote: 'There is no page at this address.' },
  },
} as const;

/** The Chinese half, with the words of the theme and its search. */
export const chinese = {
  label: '简体中文',
  lang: 'zh-CN',
  title: 'Flotilla',
  description: '面向 TypeScript 团队的微服务平台',
  themeConfig: {
    nav: topLinks(chineseWords),
    sidebar: sidebar(chineseWords),
    outline: { level: [2, 3], label: '本页内容' },
    docFooter: { prev: '上一页', next: '下一页' },
    returnToTopLabel: '返回顶部',
    sidebarMenuLabel: '菜单',
    darkModeSwitchLabel: '外观',
    lightModeSwitchTitle: '切换到浅色模式',
    darkModeSwitchTitle: '切换到深色模式',
    langMenuLabel: '切换语言',
    skipToContentLabel: '跳到正文',
    notFound: { title: '页面不存在', quote: '这里没有您要找的页面。', linkLabel: '回到首页', linkText: '回到首页' },
  },
  search: {
    translations: {
      button: { buttonText: '搜索', buttonAriaLabel: '搜索文档' },
      modal: {
        displayDetails: '显示详细列表',
        resetButtonTitle: '清除',
        backButtonTitle: '关闭',
        noResultsText: '没有找到',
        footer: { selectText: '打开', navigateText: '切换', closeText: '关闭' },
      },
    },
  },
} as const;

import type { views as en } from '../en/views.ts';

export const views: Readonly<Record<keyof typeof en, string>> = {
  'views.title': '视图',
  'views.save': '保存此视图…',
  'views.text': '视图是带名称的链接：保存当前的筛选、分组和排序。',
  'views.hint': '生产环境按组',
  'views.share': '与所有人共享',
  'views.first': '为我首先打开',
  'views.edit': '重命名或共享…',
  'views.remove': '移除此视图',
  'views.removed': '视图 {name} 已移除。',
  'views.saved': '视图 {name} 已保存。',
  'views.makeFirst': '首先打开它',
  'views.notFirst': '不再首先打开',
  'views.plain': '全部',
  'views.everything': '全部',
  'views.sharedBy': '由 {by} 共享',
  'views.sharedByYou': '已与所有人共享',
  'views.opensFirst': '首先打开',
  'keys.views': '已保存的视图',
  'over.label': '菜单',
};

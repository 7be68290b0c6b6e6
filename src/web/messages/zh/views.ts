import type { views as en } from '../en/views.ts';

export const views: Readonly<Record<keyof typeof en, string>> = {
  'views.title': '视图',
  'views.save': '保存此视图…',
  'views.text': '视图是带名称的链接：保存当前的筛选、分组和排序。',
  'views.hint': '生产环境按组',
  'views.share': '与所有人共享',
  'views.first': '打开页面时默认显示',
  'views.edit': '重命名或共享…',
  'views.remove': '移除此视图',
  'views.removed': '视图 {name} 已移除。',
  'views.saved': '视图 {name} 已保存。',
  'views.makeFirst': '设为默认视图',
  'views.notFirst': '取消默认视图',
  'views.plain': '全部',
  'views.everything': '全部',
  'views.sharedBy': '由 {by} 共享',
  'views.sharedByYou': '已与所有人共享',
  'views.opensFirst': '默认视图',
  'keys.views': '已保存的视图',
  'over.label': '菜单',
};

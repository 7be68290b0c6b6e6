import type { conflict as english } from '../en/conflict.ts';

/** 两人同时修改。 */
export const conflict: Readonly<Record<keyof typeof english, string>> = {
  'conflict.title': '您打开此表单期间，其他人做了修改。',
  'conflict.text': '您的修改尚未保存。',
  'conflict.what': '项目',
  'conflict.was': '原来',
  'conflict.now': '现在',
  'conflict.mine': '您的修改',
  'conflict.keep': '用我的覆盖',
  'conflict.take': '采用对方的',
  'conflict.settings': '其他人已修改此项：请查看现在的值，然后重新选择。',
  'conflict.disabled': '已停用',
};

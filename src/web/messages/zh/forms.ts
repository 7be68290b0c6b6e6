import type { forms as en } from '../en/forms.ts';

export const forms: Readonly<Record<keyof typeof en, string>> = {
  'forms.notDone': '未执行任何操作',
  'forms.protected': '今后更改 {name} 需要：{how}。',
  'forms.minutes': '第二人有 {n} 分钟时间批准。',
  'forms.cancel': '尚在等待的部分已取消。',
  'forms.resume': '操作继续进行。',
  'forms.approve': '已批准。',
  'forms.decline': '已拒绝：未执行任何操作。',
  'forms.changedMend': '您填写的内容在下面：再次提交将以您的为准。',
  'forms.noInput': '没有可发送的内容：请先输入。',
  'forms.noFile': '未选择文件。',
  'forms.grants': '“名称”填写环境、标签、主机或组的名称，或完整的选择器；授予全部时请留空。',
  'keys.more': '当前行的更多操作',
  'import.addPlain': '添加主机',
};

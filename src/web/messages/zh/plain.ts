import type { plain as en } from '../en/plain.ts';

export const plain: Readonly<Record<keyof typeof en, string>> = {
  'plan.protected': '{env} 受保护。请输入以下文字确认',
  'plan.wrongWord': '输入的文字不符。',
  'plan.wrongWordMend': '请输入 {word}，然后再次按下按钮。',
  'plan.page': '计划',
  'plan.back': '返回',
  'plan.needs': '请说明对什么做什么：/plan?do=stop web-01/*',
  'plain.title': '此页面无需脚本即可使用。',
  'plain.text':
    '它显示加载时的状态：刷新可得到最新情况。按钮会先打开一个页面，说明将影响哪些进程。实时日志、多选和命令面板需要脚本。',
  'plain.more': '更多行',
  'plain.lines': '显示最后几行',
  'plain.reload': '重新显示',
  'plain.broken': '此页面的脚本未能加载。',
  'signin.slowWait': '请等一分钟再试。',
  'signin.again': '请输入两步验证的验证码。',
};

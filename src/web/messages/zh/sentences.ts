import type { SentenceKey } from '../../../fleet/sentences.ts';

/** What the hub says, in Chinese. */
export const zhSentences: Readonly<Record<SentenceKey, string>> = {
  'tail.cleared': '日志已被清空',
  'tail.rotated': '日志已轮转',
  'tail.clearedLacks': '日志已被清空；刚写入的内容可能缺失',
  'tail.rotatedLacks': '日志已轮转或被清空；刚写入的内容可能缺失',
  'tail.away': '主机已离开；恢复后将继续跟踪',
  'tail.back': '主机离开 {awayMs} 后恢复；从原处继续，没有缺失任何行',
  'tail.backAt': '主机离开 {awayMs} 后恢复；从第 {offset} 字节继续，没有缺失任何行',
  'tail.skipped': '写入过快，{bytes} 未显示',
  'tail.hostGone': '{host} 已不再是此中心的主机',
  'tail.processGone': '该进程已不在主机上；跟踪结束',
  'tail.leftOut': '该进程不再属于所选范围；跟踪结束',
  'tail.anew': '重新开始跟踪；其间写入的内容未显示',
  'tail.full': '所选日志已超过 {n} 个：此日志及其他日志未被跟踪',
  'page.back': '此页面离开了 {awayMs}；没有缺失任何行',
  'page.backLacks': '此页面离开了 {awayMs}；下一行之前可能有缺失',
  'page.forgotten': '阅读期间到达的 {n} 行未保留：此页面只保留最新的行',
};

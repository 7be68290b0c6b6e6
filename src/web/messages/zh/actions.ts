import type { actions as en } from '../en/actions.ts';

export const actions: Readonly<Record<keyof typeof en, string>> = {
  'action.failuresOf': '允许 {all} 次失败，已发生 {n} 次。',
  'action.oneMoreEnds': '再失败一次，其余将保持原样。',
  'action.moreEnd': '再失败 {n} 次，其余将保持原样。',
  'action.shown': '第 {from} 至 {to} 行，共 {all} 行；有失败的主机排在最前。',
  'action.filter': '按名称或原因筛选',
  'action.none': '没有匹配的目标。',
  'action.before': '上一页',
  'action.after': '下一页',
  'action.pids': '进程号 {before} → {after}',
  'action.pidNew': '进程号 {pid}',
  'action.pidSame': '进程号 {pid}，与之前相同',
};

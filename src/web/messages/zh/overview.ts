import type { overview as en } from '../en/overview.ts';

export const overview: Readonly<Record<keyof typeof en, string>> = {
  'do.mute': '忽略，直到它变化（仅此浏览器）',
  'do.muteName': '忽略 {name}',
  'do.unmute': '重新显示',
  'attention.muted': '已忽略 {n} 个问题。',
  'overview.restarts': '每 30 分钟重启次数 · 24 小时',
  'restarts.none': '无',
  'restarts.peak': '峰值 {n}，发生在 {time}',
  'restarts.all': '共重启 {n} 次',
  'restarts.flapping': '反复重启',
  'restarts.flappingIn': '其中 {n} 个半小时有反复重启',
  'restarts.in': '重启 {n} 次',
  'overview.memoryOf': '主机 {all} 内存中已用 {used}',
};

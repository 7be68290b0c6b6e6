import type { overview as en } from '../en/overview.ts';

export const overview: Readonly<Record<keyof typeof en, string>> = {
  'do.mute': '静音，直到它变化（仅此浏览器）',
  'do.muteName': '静音 {name}',
  'do.unmute': '重新显示',
  'attention.muted': '{n} 个问题已静音。',
};

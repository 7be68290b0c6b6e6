import type { approval as english } from '../en/approval.ts';

/** 等待第二人批准的操作。 */
export const approval: Readonly<Record<keyof typeof english, string>> = {
  'approval.waits': '等待第二人批准',
  'approval.asks':
    '{by} 请求对 {n} 个目标执行此操作。{where} 需要第二人批准：在他人批准之前不会开始。剩余 {time}。',
  'approval.own': '{where} 受保护，正在等待第二人：需由其他有权限的人批准。剩余 {time}。',
  'approval.approved': '已由 {by} 批准。',
  'approval.declined': '已被 {by} 拒绝。{why}',
  'approval.expired': '没有第二人在时限内批准。',
  'approval.withdrawn': '在任何人批准之前已由 {by} 撤回。',
  'approval.approve': '批准全部 {n} 个目标',
  'approval.decline': '拒绝',
  'approval.reason': '拒绝的原因（可选）',
  'plan.secondPerson': '{where} 受保护：在第二人批准之前不会开始。',
  'plan.ask': '请求第二人批准',
};

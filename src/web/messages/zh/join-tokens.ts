import type { joinTokens as en } from '../en/join-tokens.ts';

/** 设置页中仍有效的加入令牌列表。 */
export const joinTokens: Readonly<Record<keyof typeof en, string>> = {
  'joinTokens.title': '有效的加入令牌',
  'joinTokens.says': '持有其中任意一个的人都可以把自己的主机加入机群。',
  'joinTokens.none': '没有有效的令牌。',
  'joinTokens.id': '令牌',
  'joinTokens.by': '由 {by} 于{time}创建',
  'joinTokens.into': '用于',
  'joinTokens.left': '剩余',
  'joinTokens.expires': '过期',
  'joinTokens.revoke': '吊销',
  'joinTokens.revokeOf': '吊销加入令牌 {id}',
  'joinTokens.revoked': '{id} 不再允许任何主机加入。',
  'deed.joinTokenEnd': '吊销加入令牌',
};

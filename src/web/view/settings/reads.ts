import type {
  AuditCheck,
  AuditPage,
  HubFacts,
  HubSettings,
  Me,
  OpenJoinToken,
  SessionView,
  TokenView,
  UserView,
} from '../../../api/contract.ts';
import type { Read } from '../loaded.ts';

const id = encodeURIComponent;

/** What the settings pages ask of the API. */
export const reads = {
  me: (): Read<Me> => ({ path: '/me' }),
  ownSessions: (): Read<readonly SessionView[]> => ({ path: '/me/sessions' }),
  ownTokens: (): Read<readonly TokenView[]> => ({ path: '/tokens' }),
  allTokens: (): Read<readonly TokenView[]> => ({ path: '/tokens?all=1' }),
  joinTokens: (): Read<readonly OpenJoinToken[]> => ({ path: '/join-tokens' }),
  users: (): Read<readonly UserView[]> => ({ path: '/users' }),
  user: (user: string): Read<UserView> => ({ path: `/users/${id(user)}` }),
  sessionsOf: (user: string): Read<readonly SessionView[]> => ({ path: `/users/${id(user)}/sessions` }),
  audit: (query: string): Read<AuditPage> => ({ path: `/audit${query}` }),
  auditCheck: (): Read<AuditCheck> => ({ path: '/audit/check' }),
  settings: (): Read<HubSettings> => ({ path: '/settings' }),
  hub: (): Read<HubFacts> => ({ path: '/hub' }),
} as const;

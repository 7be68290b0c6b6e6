import type { Role } from '../../api/contract.ts';
import { sayIn } from '../view/say.ts';

/** What the server wrote on the root element. */
const {
  base = '',
  csrf = '',
  user = '',
  role = 'viewer',
  rights = '',
  zone = '',
} = document.documentElement.dataset;
export const root = {
  base,
  csrf,
  user,
  role: (['viewer', 'operator', 'admin'] as const).find((one) => one === role) ?? ('viewer' as Role),
  /** Picked by this reader; empty: the browser's. */
  ownZone: zone,
  rights: new Set(rights.split(' ')),
  language: document.documentElement.lang.startsWith('zh') ? ('zh' as const) : ('en' as const),
};
export const say = sayIn(root.language);

/** Remembered for a year, for this console only; read by the server for the first paint. */
export function remember(name: 'theme' | 'zone' | 'side' | 'language' | 'hide', value: string): void {
  const secure = location.protocol === 'https:' ? '; secure' : '';
  // biome-ignore lint/suspicious/noDocumentCookie: the server needs it with the next request, and cookieStore is not everywhere
  document.cookie = `fv_${name}=${encodeURIComponent(value)}; path=${base || '/'}; max-age=31536000; samesite=lax${secure}`;
}

import { call } from '../api.ts';
import { stale } from '../asked.ts';
import { onDo } from '../doers.ts';
import { tell } from '../dom.ts';
import { doNow } from '../form-sheet.ts';
import { say } from '../page-root.ts';

onDo('revoke-join-token', (on) => {
  const { id = '' } = on.dataset;
  void doNow(call('DELETE', `/join-tokens/${encodeURIComponent(id)}`), () => {
    stale('/join-tokens');
    tell(say('joinTokens.revoked', { id }));
  });
});

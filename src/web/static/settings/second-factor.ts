import type { RecoveryCodes, SecondFactorProposal } from '../../../api/contract.ts';
import { call } from '../api.ts';
import { stale } from '../asked.ts';
import { onDo } from '../doers.ts';
import { tell } from '../dom.ts';
import { html } from '../draw.ts';
import { field, openForm } from '../form-sheet.ts';
import { root, say } from '../page-root.ts';
import { openSheet } from '../sheet.ts';

/** First the password, then the secret with a code that proves it arrived, then the recovery codes. */
onDo('set-factor', () => {
  openForm<SecondFactorProposal>({
    template: 'partials/factor-begin',
    model: () => ({ user: root.user }),
    send: (given) => call('POST', '/me/second-factor', { password: String(given.get('password')) }),
    done: (proposal) => void confirm(proposal),
  });
});

async function confirm({ secret, uri }: SecondFactorProposal): Promise<void> {
  const { qrPath } = await import('../../view/settings/qr-path.ts'); // seldom needed, and large
  const { path, size } = qrPath(uri);
  const grouped = secret.replace(/(.{4})(?=.)/g, '$1 ');
  openForm<RecoveryCodes>({
    template: 'partials/factor-confirm',
    model: () => ({ path, size, secret, grouped }),
    send: (given) =>
      call('POST', '/me/second-factor/confirm', { secret, code: field(given, 'code').replace(/\s/g, '') }),
    done({ recoveryCodes }) {
      stale('/me');
      tell(say('factor.isOn'));
      openSheet(
        'narrow',
        html('partials/recovery-codes', { codes: recoveryCodes, all: recoveryCodes.join('\n') }),
      );
    },
  });
}

onDo('download-codes', (on) => {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([`${on.dataset.text ?? ''}\n`], { type: 'text/plain' }));
  link.download = 'fleetvisor-recovery-codes.txt';
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1_000);
});

onDo('drop-factor', () => {
  openForm<null>({
    template: 'partials/factor-drop',
    model: () => ({ user: root.user }),
    send: (given) =>
      call('POST', '/me/second-factor/drop', {
        password: String(given.get('password')),
        code: field(given, 'code').replace(/\s/g, ''),
      }),
    done() {
      stale('/me');
      tell(say('factor.dropped'));
    },
  });
});

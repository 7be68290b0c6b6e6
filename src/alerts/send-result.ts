import { type Told, told } from '../fleet/said.ts';

/** What came of one try to send. */
export type SendResult =
  | { readonly kind: 'delivered'; readonly says: Told }
  | {
      /** `again`: worth another try later; `refused`: this message will never be taken. */
      readonly kind: 'again' | 'refused';
      readonly says: Told;
      readonly mend: Told;
    };

export const DEADLINE_MS = 10_000;

/** Why there was no answer, by the code of the system, of TLS or of a mail server. */
export function noAnswer(code: string | undefined, at: string): SendResult {
  const again = (says: Told, mend: Told): SendResult => ({ kind: 'again', says, mend });
  const reach = told('sendMend.reach', { at });
  switch (code) {
    case 'ECONNREFUSED':
      return again(told('link.refused', { at }), reach);
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EDNS':
      return again(told('link.dns', { at }), told('sendMend.name'));
    case 'EFORBIDDEN':
      return again(told('link.forbidden', { at }), told('sendMend.name'));
    case 'ECONNRESET':
    case 'EPIPE':
      return again(told('link.closed'), reach);
    case 'ABORT_ERR':
    case 'EABORT':
    case 'ETIMEDOUT':
      return again(told('send.silent', { withinMs: DEADLINE_MS }), reach);
    default:
      return isAboutTls(code)
        ? again(told('link.tlsWhy', { at, detail: code ?? '' }), told('sendMend.tls'))
        : again(told('link.otherWhy', { at, detail: code ?? '?' }), reach);
  }
}

const isAboutTls = (code = ''): boolean =>
  /^(ETLS|EPROTO|ERR_TLS|ERR_SSL|CERT_|ERR_OSSL|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_MISMATCH|INVALID_CA)/.test(
    code,
  );

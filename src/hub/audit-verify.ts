import type { HubVerb } from './verb.ts';

export const auditVerify: HubVerb = {
  name: 'audit-verify',
  usage: 'audit-verify [--json]',
  help: 'follow the chain of the audit, and name the first row that is not as it was written',
  options: [],
  switches: ['--json'],
  looksOnly: true,
  run({ switches }, { store, out, problem }) {
    const check = store.audit.verify();
    if (switches.has('--json')) out(JSON.stringify(check));
    else if (check.ok) out(`the audit is whole: ${check.rows} rows`);
    else problem(`the audit is broken: ${check.says}`);
    return check.ok ? 0 : 1;
  },
};

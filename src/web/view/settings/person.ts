import type { UserView } from '../../../api/contract.ts';
import { mapLoaded } from '../loaded.ts';
import type { Reader } from '../reader.ts';
import type { World } from '../world.ts';
import { auditLines } from './audit-line.ts';
import { coveredBy } from './covered.ts';
import { grantsInWords } from './grant-words.ts';
import { type PartMaker, shown } from './part.ts';
import { personLine } from './people.ts';
import { reads } from './reads.ts';
import { sessionLine } from './sessions.ts';
import { tokenLine } from './tokens.ts';

const AUDIT_ROWS = 20;

export const personPart: PartMaker = (world, reader, { get, parts }) => {
  const asked = get(reads.user(parts[0] ?? ''));
  if (asked.kind === 'problem' && asked.problem.status === 404) return null;
  const name = mapLoaded(asked, (user) => user.name, '');
  const actor = encodeURIComponent(name);
  const audit =
    name === '' || !reader.may('read-audit') ? null : get(reads.audit(`?actor=${actor}&limit=${AUDIT_ROWS}`));
  return {
    title: name || reader.say('settings.people'),
    template: 'pages/person',
    model: {
      person: shown(asked, (user) => ({
        ...personLine(user, reader),
        grants: grantLines(user, world, reader),
      })),
      sessions: shown(get(reads.sessionsOf(parts[0] ?? '')), (all) =>
        all.map((one) => sessionLine(one, reader)),
      ),
      tokens: shown(get(reads.allTokens()), (all) =>
        all.filter(({ user }) => user === name).map((one) => tokenLine(one, reader)),
      ),
      audit: audit === null ? null : shown(audit, ({ rows }) => auditLines(rows, reader)),
      auditLink: `/settings/audit?actor=${actor}`,
    },
  };
};

function grantLines({ grants }: UserView, world: World, reader: Reader) {
  return grants.map((grant) => ({
    words: grantsInWords([grant], reader),
    scope: grant.scope,
    covers: coveredBy(grant.scope, world, reader).says,
  }));
}

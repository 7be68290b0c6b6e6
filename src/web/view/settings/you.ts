import type { Me } from '../../../api/contract.ts';
import { fullTime } from '../format.ts';
import { mapLoaded } from '../loaded.ts';
import type { Reader } from '../reader.ts';
import { grantsInWords } from './grant-words.ts';
import { type PartMaker, shown } from './part.ts';
import { reads } from './reads.ts';
import { sessionLine } from './sessions.ts';
import { tokenLine } from './tokens.ts';

/** Recovery codes so few that new ones should be made. */
const FEW_CODES = 3;

export const youPart: PartMaker = (_world, reader, { get }) => {
  const sessions = get(reads.ownSessions());
  return {
    title: reader.say('settings.you'),
    template: 'pages/you',
    model: {
      user: reader.user,
      role: reader.say(`role.${reader.role}`),
      csrf: reader.csrf,
      me: shown(get(reads.me()), (me) => meView(me, reader)),
      sessions: shown(sessions, (all) => all.map((session) => sessionLine(session, reader))),
      others: mapLoaded(sessions, (all) => all.filter(({ own }) => !own).length, 0),
      tokens: shown(get(reads.ownTokens()), (all) => all.map((token) => tokenLine(token, reader))),
      languages: [
        { value: 'en', text: 'English', on: reader.language === 'en' },
        { value: 'zh', text: '简体中文', on: reader.language === 'zh' },
      ],
      zone: reader.ownZone ? reader.zone : '',
      zones: zones(reader),
    },
  };
};

function meView(me: Me, reader: Reader) {
  return {
    may: grantsInWords(me.grants, reader),
    since: fullTime(me.createdAtMs, reader),
    elsewhere: me.signsInBy === 'local' ? '' : reader.say(`you.elsewhere.${me.signsInBy}`),
    hasPassword: me.signsInBy !== 'oidc',
    secondFactor: me.secondFactor,
    codes: me.recoveryCodes,
    fewCodes: me.secondFactor && me.recoveryCodes <= FEW_CODES,
  };
}

function zones({ zone, ownZone, say }: Reader): readonly { value: string; text: string; on: boolean }[] {
  const known = Intl.supportedValuesOf('timeZone');
  return [
    { value: '', text: say('you.zoneBrowser'), on: !ownZone },
    ...['UTC', ...known.filter((name) => name !== 'UTC')].map((name) => ({
      value: name,
      text: name.replaceAll('_', ' '),
      on: ownZone && name === zone,
    })),
  ];
}

import {
  approvalMinutes,
  protectEnvironments,
  protectedEnvironments,
  setApprovalMinutes,
} from '../../control/protection.ts';
import type { Settings } from '../../store/settings.ts';
import { note } from '../audited.ts';
import type { HubSettings } from '../contract.ts';
import { hubSettings, settingsPatch } from '../people-schemas.ts';
import { guardedRoute, type Route } from '../route.ts';
import { etagOf, mustBeCurrent } from '../versions.ts';

export interface SettingsPorts {
  readonly settings: Settings;
}

export function settingsRoutes({ settings }: SettingsPorts): Route[] {
  const now = (): HubSettings => ({
    protectedEnvironments: protectedEnvironments(settings),
    approvalMinutes: approvalMinutes(settings),
  });
  return [
    guardedRoute({
      method: 'get',
      path: '/settings',
      right: 'see-fleet',
      says: 'Tells what is decided for the whole hub.',
      answers: { 200: hubSettings },
      run: ({ res }) => void res.set('etag', etagOf(now())).json(now()),
    }),
    guardedRoute({
      method: 'patch',
      path: '/settings',
      right: 'manage-hub',
      says: 'Changes what is decided for the whole hub; what is left out stays.',
      body: settingsPatch,
      headers: ['if-match'],
      answers: { 200: hubSettings },
      run({ req, res, body }) {
        const before = now();
        mustBeCurrent({ req }, before);
        const { protectedEnvironments: environments, approvalMinutes: minutes } = body;
        if (environments !== undefined) protectEnvironments(settings, environments);
        if (minutes !== undefined) setApprovalMinutes(settings, minutes);
        note(req, { before, after: now() });
        res.set('etag', etagOf(now())).json(now());
      },
    }),
  ];
}

import {
  approvalMinutes,
  protectEnvironments,
  protectedEnvironments,
  setApprovalMinutes,
} from '../../control/protection.ts';
import type { Settings } from '../../store/settings.ts';
import { note } from '../audited.ts';
import type { HubSettings } from '../contract.ts';
import * as schemas from '../people-schemas.ts';
import type { Route } from '../route.ts';
import { read } from '../schemas.ts';

export interface SettingsPorts {
  readonly settings: Settings;
}

export function settingsRoutes({ settings }: SettingsPorts): Route[] {
  const now = (): HubSettings => ({
    protectedEnvironments: protectedEnvironments(settings),
    approvalMinutes: approvalMinutes(settings),
  });
  return [
    {
      method: 'get',
      path: '/settings',
      right: 'see-fleet',
      says: 'Tells what is decided for the whole hub.',
      answers: { 200: schemas.hubSettings },
      run: ({ res }) => void res.json(now()),
    },
    {
      method: 'patch',
      path: '/settings',
      right: 'manage-hub',
      says: 'Changes what is decided for the whole hub; what is left out stays.',
      body: schemas.settingsPatch,
      answers: { 200: schemas.hubSettings },
      run({ req, res }) {
        const before = now();
        const wish = read(schemas.settingsPatch, req.body);
        if (wish.protectedEnvironments !== undefined)
          protectEnvironments(settings, wish.protectedEnvironments);
        if (wish.approvalMinutes !== undefined) setApprovalMinutes(settings, wish.approvalMinutes);
        note(req, { before, after: now() });
        res.json(now());
      },
    },
  ];
}

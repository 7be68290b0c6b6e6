import { protectEnvironments, protectedEnvironments } from '../../control/protection.ts';
import type { Settings } from '../../store/settings.ts';
import { note } from '../audited.ts';
import type { HubSettings } from '../contract.ts';
import { hubSettings } from '../people-schemas.ts';
import type { Route } from '../route.ts';
import { read } from '../schemas.ts';

export interface SettingsPorts {
  readonly settings: Settings;
}

export function settingsRoutes({ settings }: SettingsPorts): Route[] {
  const now = (): HubSettings => ({ protectedEnvironments: protectedEnvironments(settings) });
  return [
    { method: 'get', path: '/settings', right: 'see-fleet', run: ({ res }) => void res.json(now()) },
    {
      method: 'patch',
      path: '/settings',
      right: 'manage-hub',
      run({ req, res }) {
        const before = now();
        protectEnvironments(settings, read(hubSettings, req.body).protectedEnvironments);
        note(req, { before, after: now() });
        res.json(now());
      },
    },
  ];
}

export const overview = {
  'do.mute': 'Mute until it changes, in this browser',
  'do.muteName': 'Mute {name}',
  'do.unmute': 'Show again',
  'attention.muted': '{n} muted problem.|{n} muted problems.',
  'overview.restarts': 'Restarts per 30 min, 24 h',
  'restarts.none': 'none',
  'restarts.peak': 'peak {n} at {time}',
  'restarts.all': '{n} restart in all|{n} restarts in all',
  'restarts.flapping': 'flapping',
  'restarts.flappingIn': 'flapping in {n} half hour|flapping in {n} half hours',
  'restarts.in': '{n} restart|{n} restarts',
  'overview.memoryOf': '{used} of the {all} of the host',
} as const;

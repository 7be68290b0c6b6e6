export const overview = {
  'do.mute': 'Mute until it changes, in this browser',
  'do.muteName': 'Mute {name}',
  'do.unmute': 'Show again',
  'attention.muted': '{n} muted problem.|{n} muted problems.',
} as const;

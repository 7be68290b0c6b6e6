export const actions = {
  'action.failuresOf': '{n} of {all} allowed failures.',
  'action.oneMoreEnds': 'One more, and the rest is left as it is.',
  'action.moreEnd': '{n} more, and the rest is left as it is.',
  'action.shown': 'Targets {from} to {to} of {all}; those in trouble come first.',
  'action.before': 'Previous',
  'action.after': 'Next',
  'action.pids': 'pid {before} → {after}',
  'action.pidNew': 'pid {pid}',
  'action.pidSame': 'pid {pid}, as before',
} as const;

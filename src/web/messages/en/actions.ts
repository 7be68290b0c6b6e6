export const actions = {
  'action.failuresOf': '{n} of {all} allowed failures.',
  'action.oneMoreEnds': 'One more, and the rest is left as it is.',
  'action.moreEnd': '{n} more, and the rest is left as it is.',
  'action.shown': 'Rows {from} to {to} of {all}; hosts with failures come first.',
  'action.filter': 'Filter by name or reason',
  'action.none': 'No target matches.',
  'action.before': 'Previous',
  'action.after': 'Next',
  'action.pids': 'pid {before} → {after}',
  'action.pidNew': 'pid {pid}',
  'action.pidSame': 'pid {pid}, as before',
} as const;

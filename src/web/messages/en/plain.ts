/** Plans and forms without a script. */
export const plain = {
  'plan.protected': '{env} is protected. To confirm, type',
  'plan.wrongWord': 'The word typed does not fit.',
  'plan.wrongWordMend': 'Type {word}, then press the button again.',
  'plan.page': 'Plan',
  'plan.back': 'Back',
  'plan.needs': 'Say what to do with what: /plan?do=stop web-01/*',
  'plain.title': 'This page works without its script.',
  'plain.text':
    'It shows how things were when it was loaded: reload it for news. Buttons lead to a page that says first what would be touched. Logs that follow, selection and the palette need the script.',
  'plain.more': 'More rows',
  'plain.lines': 'Show its last lines',
  'plain.reload': 'Show them anew',
  'plain.broken': 'This page’s script did not load.',
  'signin.slowWait': 'Wait a minute, then try again.',
  'signin.again': 'Sign in with the code of your second factor.',
} as const;

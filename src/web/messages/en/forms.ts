/** Forms without a script, and keys. */
export const forms = {
  'forms.notDone': 'Nothing was done',
  'forms.protected': 'What changes something in {name} asks from now on: {how}.',
  'forms.minutes': 'A second person has {n} minute.|A second person has {n} minutes.',
  'forms.cancel': 'What still waited is cancelled.',
  'forms.resume': 'It goes on.',
  'forms.approve': 'It is approved.',
  'forms.decline': 'It is declined: nothing was done.',
  'forms.changedMend': 'Yours stands below: sent once more it counts, in place of theirs.',
  'forms.noInput': 'There is nothing to send: type something first.',
  'forms.noFile': 'No file was picked.',
  'forms.grants':
    '“Which” is the name of the environment, tag, hosts or group, or a whole selector; for everything leave it empty.',
  'keys.more': 'More actions of the row',
  'import.addPlain': 'Add hosts',
} as const;

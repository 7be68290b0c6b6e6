/** Two people who change one thing. */
export const conflict = {
  'conflict.title': 'Somebody else changed this while you had it open.',
  'conflict.text': 'Nothing of yours is saved yet.',
  'conflict.what': 'What',
  'conflict.was': 'Was',
  'conflict.now': 'Is now',
  'conflict.mine': 'You want',
  'conflict.keep': 'Save mine over it',
  'conflict.take': 'Take theirs',
  'conflict.settings': 'Somebody else changed this meanwhile: look at what it says now, then choose again.',
  'conflict.disabled': 'Disabled',
} as const;

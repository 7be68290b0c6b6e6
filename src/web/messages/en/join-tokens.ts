/** The list of open join tokens in the settings. */
export const joinTokens = {
  'joinTokens.title': 'Open join tokens',
  'joinTokens.says': 'Whoever has one of these can make a host of theirs part of the fleet.',
  'joinTokens.none': 'None is open.',
  'joinTokens.id': 'Token',
  'joinTokens.by': 'made by {by} {time}',
  'joinTokens.into': 'For',
  'joinTokens.left': 'Left',
  'joinTokens.expires': 'Expires',
  'joinTokens.revoke': 'Revoke',
  'joinTokens.revokeOf': 'Revoke the join token {id}',
  'joinTokens.revoked': '{id} lets nobody join any more.',
  'deed.joinTokenEnd': 'revoke a join token',
};

/** Actions that wait for a second person. */
export const approval = {
  'approval.waits': 'waits for a second person',
  'approval.asks':
    '{by} wants to do this to {n} target. {where} takes a second person: nothing is begun before somebody else approves. {time} left.|{by} wants to do this to {n} targets. {where} takes a second person: nothing is begun before somebody else approves. {time} left.',
  'approval.own':
    'Waits for a second person, as {where} is protected: somebody else who may do this approves it. {time} left.',
  'approval.approved': 'Approved by {by}.',
  'approval.declined': 'Declined by {by}. {why}',
  'approval.expired': 'No second person approved it in time.',
  'approval.withdrawn': 'Taken back by {by} before anybody approved it.',
  'approval.approve': 'Approve {n} target|Approve all {n} targets',
  'approval.decline': 'Decline',
  'approval.reason': 'Why not (optional)',
  'plan.secondPerson': 'Nothing of it begins before a second person approves: {where} is protected.',
  'plan.ask': 'Ask a second person',
} as const;

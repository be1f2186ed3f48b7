/** What IAM must allow for closing a pool and opening it again, beside what changes nothing; nothing else is called. */
export const LOCKDOWN_ACTIONS = {
  reads: ['GetInstances', 'GetInstancePortStates', 'GetOperation'],
  writes: ['PutInstancePublicPorts', 'TagResource', 'UntagResource'],
} as const;

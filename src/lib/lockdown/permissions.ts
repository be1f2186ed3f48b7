/** What IAM must allow for closing a pool and opening it again; nothing else is called. */
export const LOCKDOWN_ACTIONS = [
  'lightsail:GetInstances',
  'lightsail:GetInstancePortStates',
  'lightsail:GetOperation',
  'lightsail:PutInstancePublicPorts',
  'lightsail:TagResource',
  'lightsail:UntagResource',
] as const;

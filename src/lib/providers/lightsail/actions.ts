/** What lbctl asks of Lightsail, and so what it must be allowed: nothing else is called (see api.ts). */
export const ACTIONS = {
  /** Change nothing. */
  reads: [
    'GetBlueprints',
    'GetBundles',
    'GetInstance',
    'GetInstanceAccessDetails',
    'GetInstances',
    'GetOperation',
    'GetRegions',
    'GetStaticIp',
    'GetStaticIps',
  ],
  writes: [
    'AllocateStaticIp',
    'AttachStaticIp',
    'CreateInstances',
    'DeleteInstance',
    'DetachStaticIp',
    'DisableAddOn',
    'EnableAddOn',
    'PutInstancePublicPorts',
    'ReleaseStaticIp',
    'StartInstance',
    'TagResource',
  ],
} as const;

export type Action = (typeof ACTIONS)['reads' | 'writes'][number];

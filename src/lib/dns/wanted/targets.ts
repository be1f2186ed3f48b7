import { canonical, isWithin } from '../names.ts';
import { addressType, type AliasTarget } from '../record.ts';
import { THIS_ZONE } from './wanted.ts';

/** Where an answer leads: addresses or a host name of a record type, or an alias. */
export type Target =
  | { readonly type: 'A' | 'AAAA' | 'CNAME'; readonly value: string }
  | { readonly type: 'alias'; readonly alias: AliasTarget };

/** Hosted zones of Network Load Balancers by Region (Elastic Load Balancing endpoints and quotas). */
const NLB_ZONES: Readonly<Record<string, string>> = {
  'ap-east-1': 'Z12Y7K3UBGUAD1',
  'ap-northeast-1': 'Z31USIVHYNEOWT',
  'ap-northeast-2': 'ZIBE1TIR4HY56',
  'ap-south-1': 'ZVDDRBQ08TROA',
  'ap-southeast-1': 'ZKVM4W9LS7TM',
  'ap-southeast-2': 'ZCT6FZBF4DROD',
  'ca-central-1': 'Z2EPGBW3API2WT',
  'eu-central-1': 'Z3F0SRJ5LGBH90',
  'eu-north-1': 'Z1UDT6IFJ4EJM',
  'eu-south-1': 'Z23146JA1KNAFP',
  'eu-west-1': 'Z2IFOLAFXWLO4F',
  'eu-west-2': 'ZD4D7Y8KGAS4G',
  'eu-west-3': 'Z1CMS0P5QUZ6D5',
  'sa-east-1': 'ZTK26PT1VY4CU',
  'us-east-1': 'Z26RNL4JYFTOTI',
  'us-east-2': 'ZLMOA37VPKANP',
  'us-west-1': 'Z24FKFUX50B4VW',
  'us-west-2': 'Z18D5FSROUN65G',
};

/**
 * Reads where an answer leads: an address, a host name, `alias:NAME` of the same zone, or `alias:NAME@ZONEID`; the name of
 * a Network Load Balancer is an alias by itself.
 * @returns what is wrong in words, where it cannot be read.
 */
export function readTarget(text: string, zone: string): Target | string {
  const type = addressType(text);
  if (type !== undefined) return { type, value: text.toLowerCase() };
  const [, rest] = /^alias:(.+)$/u.exec(text) ?? [];
  if (rest === undefined) {
    if (!/^[A-Za-z0-9_*-]+(?:\.[A-Za-z0-9_-]+)+\.?$/u.test(text))
      return `${JSON.stringify(text)} is no address, no host name and no Region that has addresses`;
    const name = canonical(text);
    const balancer = nlbZone(name);
    return balancer === undefined ? { type: 'CNAME', value: name } : alias(name, balancer);
  }
  const [name = '', id] = rest.split('@');
  const target = canonical(name);
  const hostedZone = id ?? nlbZone(target) ?? (isWithin(target, canonical(zone)) ? THIS_ZONE : undefined);
  if (hostedZone === undefined)
    return `the hosted zone of ${name} is not known; write alias:${name}@ID with the id of its hosted zone`;
  return alias(target, hostedZone);
}

function alias(name: string, zone: string): Target {
  return {
    type: 'alias',
    alias: { HostedZoneId: zone, DNSName: name, EvaluateTargetHealth: true },
  };
}

/** `NAME.elb.REGION.amazonaws.com` */
function nlbZone(name: string): string | undefined {
  const [, region] = /\.elb\.([a-z0-9-]+)\.amazonaws\.com\.$/u.exec(name) ?? [];
  return region === undefined ? undefined : NLB_ZONES[region];
}

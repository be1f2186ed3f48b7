import { randomUUID } from 'node:crypto';
import type { ResourceType, Tag } from '@aws-sdk/client-lightsail';
import type { Context } from '../service.ts';
import { invalid, notFound } from './refusal.ts';
import type { Domain, Instance, Resource, Snapshot, State, StaticIp } from './state.ts';

/** As the service's "Default quotas"; instances count machines here, where the service counts their vCPUs (unverified). */
export const QUOTAS = { instances: 20, staticIps: 5, domains: 6, tags: 50 };

/** Domains are everywhere and nowhere, and are asked for at one place. */
const HOME_OF_DOMAINS = 'us-east-1';

export function makeResource(
  state: State,
  type: ResourceType,
  name: string,
  tags: readonly Tag[],
  { region, account, now }: Context,
): Resource {
  const place = type === 'Domain' ? 'global' : region;
  checkName(state, region, name);
  checkTags(tags);
  state.made++;
  const arn = `arn:aws:lightsail:${place}:${account}:${type}/${randomUUID()}`;
  return { name, arn, region, createdAt: now, tags: [...tags] };
}

/** Names are unique in a region, whatever they name; those of domains count where they are asked for. */
function checkName(state: State, region: string, name: string): void {
  const { instances, staticIps, snapshots, domains, others } = state;
  const taken = [...instances, ...staticIps, ...snapshots, ...domains, ...others].some(
    (there) => there.region === region && there.name === name,
  );
  if (taken) throw invalid(`Some names are already in use: ${name}`);
}

export function checkTags(tags: readonly Tag[]): void {
  if (tags.length > QUOTAS.tags) throw invalid(`The maximum number of tags is ${QUOTAS.tags}`);
  const keys = tags.map(({ key }) => key ?? '');
  if (new Set(keys).size !== keys.length) throw invalid('Tag keys must be unique');
  for (const { key = '', value = '' } of tags) {
    if (!/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u.test(key) || key.startsWith('aws:'))
      throw invalid(`The tag key is invalid: ${key}`);
    if (!/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u.test(value))
      throw invalid(`The tag value is invalid: ${value}`);
  }
}

/** The last things that a page may begin behind. */
export function page<T>(
  items: readonly T[],
  token: string | undefined,
  size: number,
): { items: readonly T[]; nextPageToken?: string } {
  const start =
    token === undefined ? 0 : Number(/^page-(\d+)$/u.exec(Buffer.from(token, 'base64url').toString())?.[1]);
  if (Number.isNaN(start)) throw invalid('The page token is invalid.');
  const end = start + size;
  const more = end < items.length;
  return {
    items: items.slice(start, end),
    ...(more ? { nextPageToken: Buffer.from(`page-${end}`).toString('base64url') } : {}),
  };
}

type Of<K extends 'Instance' | 'StaticIp' | 'InstanceSnapshot' | 'Domain'> = {
  Instance: Instance;
  StaticIp: StaticIp;
  InstanceSnapshot: Snapshot;
  Domain: Domain;
}[K];

const LISTS = {
  Instance: 'instances',
  StaticIp: 'staticIps',
  InstanceSnapshot: 'snapshots',
  Domain: 'domains',
} as const;

/** All of a kind that a region has. */
export function all<K extends keyof typeof LISTS>(state: State, type: K, { region }: Context): Of<K>[] {
  return (state[LISTS[type]] as Of<K>[]).filter((there) => there.region === region);
}

export function find<K extends keyof typeof LISTS>(
  state: State,
  type: K,
  name: string,
  context: Context,
): Of<K> {
  const found = all(state, type, context).find((there) => there.name === name);
  if (found === undefined) throw notFound(`The ${type} does not exist: ${name}`);
  return found;
}

export function remove(state: State, resource: Resource): void {
  for (const list of Object.values(LISTS)) {
    const there: Resource[] = state[list];
    const index = there.indexOf(resource);
    if (index >= 0) there.splice(index, 1);
  }
}

export function atHomeOfDomains({ region }: Context): void {
  if (region === HOME_OF_DOMAINS) return;
  throw invalid(
    `Domain-related APIs are only available in the ${HOME_OF_DOMAINS} Region. Please set your Region configuration to ${HOME_OF_DOMAINS} to create, view, or edit Domain resources.`,
  );
}

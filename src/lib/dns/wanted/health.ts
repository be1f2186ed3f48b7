import { createHash } from 'node:crypto';
import { addressType, shown } from '../record.ts';
import { canonical } from '../names.ts';
import type { HealthCheckConfig, HealthWish, Wanted, WantedCheck } from './wanted.ts';

/** The health check of an answer. What it asks is in its reference, so that another question is another check. */
export function wantedCheck(
  wish: HealthWish,
  name: string,
  value: string,
  of: Parameters<typeof ownerPrefix>[0],
): WantedCheck {
  const config = configOf(wish, shown(name), value);
  return {
    reference: `${namePrefix(of, name)}${digest(JSON.stringify(config), 16)}`,
    config,
    title: `${shown(name)} ${value}`,
  };
}

/**
 * What references of the health checks of an owner begin with, and names of networks; 64 characters are all that Route 53
 * takes for one.
 */
export function ownerPrefix({
  zone,
  isPrivate,
  owner,
}: Pick<Wanted, 'zone' | 'isPrivate' | 'owner'>): string {
  return `lbctl-${digest(`${canonical(zone)} ${isPrivate} ${owner}`, 8)}-`;
}

/** The same for those of one name. */
export function namePrefix(of: Parameters<typeof ownerPrefix>[0], name: string): string {
  return `${ownerPrefix(of)}${digest(name, 8)}-`;
}

function digest(text: string, length: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, length);
}

function configOf(wish: HealthWish, name: string, value: string): HealthCheckConfig {
  const { protocol, path, search, interval, threshold, regions } = wish;
  const type = protocol.toUpperCase() as 'HTTP' | 'HTTPS' | 'TCP';
  const isAddress = addressType(value) !== undefined;
  const host = wish.host ?? (isAddress ? name : shown(value));
  return {
    Type: search === undefined || type === 'TCP' ? type : `${type}_STR_MATCH`,
    ...(isAddress ? { IPAddress: value } : {}),
    ...(type === 'TCP' && isAddress ? {} : { FullyQualifiedDomainName: host }),
    Port: wish.port ?? (protocol === 'http' ? 80 : 443),
    ...(type === 'TCP' ? {} : { ResourcePath: path ?? '/' }),
    ...(search === undefined ? {} : { SearchString: search }),
    RequestInterval: interval,
    FailureThreshold: threshold,
    ...(type === 'HTTPS' ? { EnableSNI: true } : {}),
    ...(regions === undefined ? {} : { Regions: regions.toSorted() }),
  };
}

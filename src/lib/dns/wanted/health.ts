import { createHash } from 'node:crypto';
import { addressType, shown } from '../record.ts';
import type { HealthCheckConfig, HealthWish, WantedCheck } from './wanted.ts';

/** The health check of an answer. What it asks is in its reference, so that another question is another check. */
export function wantedCheck(wish: HealthWish, name: string, value: string): WantedCheck {
  const config = configOf(wish, shown(name), value);
  return {
    reference: `${checkPrefix(name)}${digest(JSON.stringify(config))}`,
    config,
    title: `${shown(name)} ${value}`,
  };
}

/** What references of the checks of a name begin with; 64 characters are all that Route 53 takes. */
function checkPrefix(name: string): string {
  return `lbctl-${digest(name)}-`;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
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

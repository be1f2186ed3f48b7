import { randomUUID } from 'node:crypto';
import type {
  CreateDomainEntryRequest,
  CreateDomainRequest,
  DeleteDomainEntryRequest,
  Domain as Shape,
  DomainEntry,
  GetDomainRequest,
  GetDomainsRequest,
  RegionName,
  UpdateDomainEntryRequest,
} from '@aws-sdk/client-lightsail';
import type { Context } from '../../service.ts';
import { checkEntry, sameEntry } from '../domain-entry.ts';
import { changes, type Deed, type Operations, perform, reads } from '../operation.ts';
import { invalid, notFound } from '../refusal.ts';
import { all, atHomeOfDomains, find, makeResource, page, QUOTAS } from '../resources.ts';
import type { Settings } from '../settings.ts';
import type { Domain, State } from '../state.ts';

/** DNS zones, and the records in them. */
export const domains = (settings: Settings): Operations => {
  function set(
    state: State,
    context: Context,
    domain: Domain,
    type: Deed['type'],
    entries: DomainEntry[],
  ): ReturnType<typeof perform> {
    const deeds = [{ type, name: domain.name, of: 'Domain' }] as const;
    return perform(state, context, settings, deeds, () => void (domain.entries = entries));
  }
  function open(state: State, name: string, context: Context): Domain {
    atHomeOfDomains(context);
    return find(state, 'Domain', name, context);
  }
  return {
    CreateDomain: changes<CreateDomainRequest>((state, { domainName, tags = [] }, context) => {
      atHomeOfDomains(context);
      if (all(state, 'Domain', context).length >= QUOTAS.domains)
        throw invalid(`You have reached the maximum number of domains: ${QUOTAS.domains}`);
      if (!/^([a-z\d-]{1,63}\.)+[a-z\d-]{2,63}$/u.test(domainName))
        throw invalid(`The domain name is invalid: ${domainName}`);
      const resource = makeResource(state, 'Domain', domainName, tags, context);
      const domain: Domain = { ...resource, entries: [] };
      const deeds = [{ type: 'CreateDomain', name: domainName, of: 'Domain' }] as const;
      const [operation] = perform(state, context, settings, deeds, () => state.domains.push(domain));
      return { operation };
    }),
    GetDomains: reads<GetDomainsRequest>((state, { pageToken }, context) => {
      atHomeOfDomains(context);
      const { items, ...next } = page(all(state, 'Domain', context), pageToken, settings.pageSize);
      return { domains: items.map(show), ...next };
    }),
    GetDomain: reads<GetDomainRequest>((state, { domainName }, context) => ({
      domain: show(open(state, domainName, context)),
    })),
    /** Whether the very same record is refused, is unverified. */
    CreateDomainEntry: changes<CreateDomainEntryRequest>((state, { domainName, domainEntry }, context) => {
      const domain = open(state, domainName, context);
      checkEntry(domain, domainEntry);
      if (domain.entries.some((entry) => sameEntry(entry, domainEntry)))
        throw invalid(`The domain entry exists: ${domainEntry.name}`);
      const entry = { isAlias: false, ...domainEntry, id: randomUUID() };
      const [operation] = set(state, context, domain, 'CreateDomainEntry', [...domain.entries, entry]);
      return { operation };
    }),
    UpdateDomainEntry: changes<UpdateDomainEntryRequest>((state, { domainName, domainEntry }, context) => {
      const domain = open(state, domainName, context);
      checkEntry(domain, domainEntry);
      if (!domain.entries.some(({ id }) => id === domainEntry.id))
        throw notFound(`The domain entry does not exist: ${domainEntry.id}`);
      const entries = domain.entries.map((entry) =>
        entry.id === domainEntry.id ? { ...entry, ...domainEntry } : entry,
      );
      return { operations: set(state, context, domain, 'UpdateDomainEntry', entries) };
    }),
    DeleteDomainEntry: changes<DeleteDomainEntryRequest>((state, { domainName, domainEntry }, context) => {
      const domain = open(state, domainName, context);
      const kept = domain.entries.filter((entry) =>
        domainEntry.id === undefined ? !sameEntry(entry, domainEntry) : entry.id !== domainEntry.id,
      );
      if (kept.length === domain.entries.length)
        throw notFound(`The domain entry does not exist: ${domainEntry.name}`);
      const [operation] = set(state, context, domain, 'DeleteDomainEntry', kept);
      return { operation };
    }),
  };
};

function show({ name, arn, createdAt, tags, entries }: Domain): Shape {
  return {
    name,
    arn,
    supportCode: `6EXAMPLE3362/${name}`,
    createdAt,
    location: { availabilityZone: 'all', regionName: 'global' as RegionName },
    resourceType: 'Domain',
    tags,
    domainEntries: entries,
  };
}

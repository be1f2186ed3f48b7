import { type Route53, route53 } from '../../../src/lib/aws/route53.ts';
import type { Change } from '../../../src/lib/dns/change/diff.ts';
import type { RecordSet } from '../../../src/lib/dns/record.ts';
import type { Io, Progress } from '../../../src/lib/io.ts';
import { fakeRoute53 } from '../../fake-aws/route53/service.ts';
import type { Route53State } from '../../fake-aws/route53/state.ts';
import { type FakeAws, startFakeAws } from '../../fake-aws/server.ts';
import { atEnd } from '../../support/lifetime.ts';

export interface World {
  readonly aws: FakeAws;
  readonly api: Route53;
  readonly io: Io & { readonly told: Progress[] };
  state(): Route53State;
  /** Records beside those that every zone has. */
  records(): readonly string[];
}

/** A Route 53 with a zone example.com, and a client of it that need not wait. */
export async function world(state: Partial<Route53State> = {}, perSecond?: number): Promise<World> {
  const service = fakeRoute53(state);
  const aws = await startFakeAws([service], perSecond === undefined ? {} : { perSecond });
  Object.assign(process.env, aws.env);
  const api = route53(async () => undefined);
  atEnd(() => api.close());
  const told: Progress[] = [];
  return {
    aws,
    api,
    io: { told, notify: (progress) => void told.push(progress), confirm: async () => true },
    state: () => service.state(),
    records: () =>
      service
        .state()
        .zones[0]!.sets.filter(({ Type }) => Type !== 'NS' && Type !== 'SOA')
        .map(
          ({ Name, Type, SetIdentifier = '-', Values, AliasTarget }) =>
            `${Name} ${Type} ${SetIdentifier} ${(Values ?? [AliasTarget!.DNSName]).join(',')}`,
        )
        .toSorted(),
  };
}

/** Changes that make records from nothing. */
export function creating(sets: readonly RecordSet[]): readonly Change[] {
  return sets.map((ResourceRecordSet) => ({ Action: 'CREATE', ResourceRecordSet }));
}

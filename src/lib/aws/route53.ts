import {
  ChangeCidrCollectionCommand,
  ChangeResourceRecordSetsCommand,
  ChangeTagsForResourceCommand,
  type Change,
  CreateCidrCollectionCommand,
  CreateHealthCheckCommand,
  DeleteCidrCollectionCommand,
  DeleteHealthCheckCommand,
  GetChangeCommand,
  GetHealthCheckStatusCommand,
  type HealthCheckConfig,
  ListCidrBlocksCommand,
  ListCidrCollectionsCommand,
  ListHealthChecksCommand,
  ListHostedZonesByNameCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
  Route53Client,
  TestDNSAnswerCommand,
} from '@aws-sdk/client-route-53';
import type { Call } from './call.ts';
import { clientOptions } from './client.ts';
import { attempt, codeOf } from './failure.ts';
import { pace } from './pace.ts';
import { allPages } from './pages.ts';

/** A health check that is there. */
export interface HealthCheck {
  readonly id: string;
  /** What whoever made it called it. */
  readonly reference: string;
  readonly config: HealthCheckConfig;
}

export interface HostedZone {
  readonly id: string;
  /** With a dot at its end. */
  readonly name: string;
  readonly isPrivate: boolean;
}

/** Networks by location. */
export interface Collection {
  readonly id: string;
  readonly name: string;
  /** Counts changes: one that was seen must still be there for another. */
  readonly version: number;
  readonly locations: Readonly<Record<string, readonly string[]>>;
}

/** What a question is answered. */
interface TestedAnswer {
  readonly code: string;
  readonly values: readonly string[];
}

/** Route 53 as far as it is needed; every call waits until the account may make it. */
export interface Route53 {
  zonesNamed(name: string): Promise<readonly HostedZone[]>;
  recordSets(zone: string): Promise<readonly ResourceRecordSet[]>;
  /** Makes changes, all or none. @returns the id of the change. */
  change(zone: string, changes: readonly Change[], comment: string): Promise<string>;
  /** Whether a change has come to all name servers. */
  isInSync(change: string): Promise<boolean>;
  healthChecks(): Promise<readonly HealthCheck[]>;
  createHealthCheck(reference: string, config: HealthCheckConfig, title: string): Promise<string>;
  /** One that is gone already is no failure. */
  deleteHealthCheck(id: string): Promise<void>;
  /** Whether a health check finds its answer alive: more than 18% of the checkers do. */
  isHealthy(id: string): Promise<boolean>;
  /** Those whose names are asked for. */
  collections(isMeant: (name: string) => boolean): Promise<readonly Collection[]>;
  createCollection(name: string, locations: Collection['locations']): Promise<string>;
  changeCollection(from: Collection, locations: Collection['locations']): Promise<void>;
  /** Takes out all networks first, as it must be empty; one that is gone already is no failure. */
  deleteCollection(from: Collection): Promise<void>;
  /** What name servers answer a client. */
  testAnswer(zone: string, name: string, type: string, client: string): Promise<TestedAnswer>;
  close(): void;
}

/** Route 53 has one home for all Regions. */
const REGION = 'us-east-1';
/** Share of the checkers that must find an answer alive (How Route 53 determines the status of health checks). */
const HEALTHY = 0.18;
/** Bits of a client's address that name servers are told. */
const [MASK4, MASK6] = ['24', '48'] as const;

const call = (doing: string, action: string): Call => ({ doing, action: `route53:${action}` });

/** @param turn is waited for before each call. */
export function route53(turn: () => Promise<void> = pace()): Route53 {
  const client = new Route53Client(clientOptions(REGION));
  const send = <Result>(about: Call, work: () => Promise<Result>): Promise<Result> =>
    attempt(about, async () => {
      await turn();
      return work();
    });
  return {
    async zonesNamed(name) {
      const found = await send(call(`look for the hosted zone ${name}`, 'ListHostedZonesByName'), () =>
        client.send(new ListHostedZonesByNameCommand({ DNSName: name })),
      );
      return (found.HostedZones ?? [])
        .filter((zone) => zone.Name === name)
        .map(({ Id, Name, Config }) => ({
          id: bare(Id),
          name: Name!,
          isPrivate: Config?.PrivateZone === true,
        }));
    },
    recordSets: (zone) =>
      allPages(async (token) => {
        const start = token === undefined ? {} : (JSON.parse(token) as object);
        const page = await send(call(`list the records of zone ${zone}`, 'ListResourceRecordSets'), () =>
          client.send(new ListResourceRecordSetsCommand({ HostedZoneId: zone, ...start })),
        );
        const next = {
          StartRecordName: page.NextRecordName,
          StartRecordType: page.NextRecordType,
          StartRecordIdentifier: page.NextRecordIdentifier,
        };
        return { items: page.ResourceRecordSets, next: page.IsTruncated ? JSON.stringify(next) : undefined };
      }),
    async change(zone, changes, comment) {
      const { ChangeInfo } = await send(
        call(`change the records of zone ${zone}`, 'ChangeResourceRecordSets'),
        () =>
          client.send(
            new ChangeResourceRecordSetsCommand({
              HostedZoneId: zone,
              ChangeBatch: { Comment: comment, Changes: [...changes] },
            }),
          ),
      );
      return bare(ChangeInfo?.Id);
    },
    async isInSync(change) {
      const { ChangeInfo } = await send(call('see whether a change has arrived', 'GetChange'), () =>
        client.send(new GetChangeCommand({ Id: change })),
      );
      return ChangeInfo?.Status === 'INSYNC';
    },
    healthChecks: () =>
      allPages(async (token) => {
        const page = await send(call('list health checks', 'ListHealthChecks'), () =>
          client.send(new ListHealthChecksCommand({ Marker: token })),
        );
        const items = (page.HealthChecks ?? []).map(({ Id, CallerReference, HealthCheckConfig }) => ({
          id: Id!,
          reference: CallerReference!,
          config: HealthCheckConfig!,
        }));
        return { items, next: page.IsTruncated ? page.NextMarker : undefined };
      }),
    async createHealthCheck(reference, config, title) {
      const { HealthCheck: made } = await send(
        call(`create the health check of ${title}`, 'CreateHealthCheck'),
        () =>
          client.send(
            new CreateHealthCheckCommand({ CallerReference: reference, HealthCheckConfig: config }),
          ),
      );
      const id = made!.Id!;
      await send(call(`name the health check of ${title}`, 'ChangeTagsForResource'), () =>
        client.send(
          new ChangeTagsForResourceCommand({
            ResourceType: 'healthcheck',
            ResourceId: id,
            AddTags: [{ Key: 'Name', Value: title.slice(0, 256) }],
          }),
        ),
      );
      return id;
    },
    async deleteHealthCheck(id) {
      try {
        await send(call(`delete the health check ${id}`, 'DeleteHealthCheck'), () =>
          client.send(new DeleteHealthCheckCommand({ HealthCheckId: id })),
        );
      } catch (error) {
        if (codeOf(error) !== 'NoSuchHealthCheck') throw error;
      }
    },
    async isHealthy(id) {
      const { HealthCheckObservations: seen = [] } = await send(
        call(`ask how the health check ${id} does`, 'GetHealthCheckStatus'),
        () => client.send(new GetHealthCheckStatusCommand({ HealthCheckId: id })),
      );
      const good = seen.filter(({ StatusReport }) => StatusReport?.Status?.startsWith('Success'));
      // a new one has not been looked at, and counts as healthy
      return seen.length === 0 || good.length / seen.length > HEALTHY;
    },
    async collections(isMeant) {
      const all = await allPages(async (token) => {
        const page = await send(call('list networks', 'ListCidrCollections'), () =>
          client.send(new ListCidrCollectionsCommand({ NextToken: token })),
        );
        return { items: page.CidrCollections, next: page.NextToken };
      });
      const wanted = all.filter(({ Name = '' }) => isMeant(Name));
      return Promise.all(
        wanted.map(async ({ Id, Name, Version }): Promise<Collection> => {
          const blocks = await allPages(async (token) => {
            const page = await send(call(`list the networks of ${Name}`, 'ListCidrBlocks'), () =>
              client.send(new ListCidrBlocksCommand({ CollectionId: Id, NextToken: token })),
            );
            return { items: page.CidrBlocks, next: page.NextToken };
          });
          const locations: Record<string, string[]> = {};
          for (const { LocationName = '', CidrBlock = '' } of blocks)
            (locations[LocationName] ??= []).push(CidrBlock);
          return { id: Id!, name: Name!, version: Version ?? 1, locations };
        }),
      );
    },
    async createCollection(name, locations) {
      const { Collection: made } = await send(
        call(`create the networks ${name}`, 'CreateCidrCollection'),
        () =>
          client.send(
            new CreateCidrCollectionCommand({ Name: name, CallerReference: `${name}-${Date.now()}` }),
          ),
      );
      const from = { id: made!.Id!, name, version: made?.Version ?? 1, locations: {} };
      await this.changeCollection(from, locations);
      return from.id;
    },
    async changeCollection({ id, name, version, locations: was }, locations) {
      const parts = (from: Collection['locations'], without: Collection['locations']) =>
        Object.entries(from).flatMap(([LocationName, networks]) => {
          const CidrList = networks.filter((network) => !(without[LocationName] ?? []).includes(network));
          return CidrList.length === 0 ? [] : [{ LocationName, CidrList }];
        });
      const gone = parts(was, locations).map((part) => ({ ...part, Action: 'DELETE_IF_EXISTS' as const }));
      const made = parts(locations, was).map((part) => ({ ...part, Action: 'PUT' as const }));
      if (gone.length + made.length === 0) return;
      await send(call(`change the networks ${name}`, 'ChangeCidrCollection'), () =>
        client.send(
          new ChangeCidrCollectionCommand({
            Id: id,
            CollectionVersion: version,
            Changes: [...gone, ...made],
          }),
        ),
      );
    },
    async deleteCollection(from) {
      try {
        await this.changeCollection(from, {});
        await send(call(`delete the networks ${from.name}`, 'DeleteCidrCollection'), () =>
          client.send(new DeleteCidrCollectionCommand({ Id: from.id })),
        );
      } catch (error) {
        if (codeOf(error) !== 'NoSuchCidrCollectionException') throw error;
      }
    },
    async testAnswer(zone, name, type, address) {
      const answer = await send(call(`ask what ${address} is answered`, 'TestDNSAnswer'), () =>
        client.send(
          new TestDNSAnswerCommand({
            HostedZoneId: zone,
            RecordName: name,
            RecordType: type as 'A',
            EDNS0ClientSubnetIP: address,
            EDNS0ClientSubnetMask: address.includes(':') ? MASK6 : MASK4,
          }),
        ),
      );
      return { code: answer.ResponseCode ?? '', values: answer.RecordData ?? [] };
    },
    close: () => client.destroy(),
  };
}

/** Ids come with the path that they are found by. */
function bare(id: string | undefined): string {
  return (id ?? '').replace(/^\/[a-z]+\//u, '');
}

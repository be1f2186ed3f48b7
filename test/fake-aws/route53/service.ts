import { AwsError } from '../errors.ts';
import { restXml, type RestInput, type RestOutput } from '../protocols/rest-xml.ts';
import { element, type Xml } from '../protocols/xml.ts';
import { defineService, type Operation } from '../service.ts';
import { changeBatch } from './change-batch.ts';
import { emptyState, type FakeZone, type Route53State } from './state.ts';
import { answerFor } from './test-answer.ts';
import { all, child, textIn, write, writeSet } from './wire.ts';

const ROOT = '/2013-04-01';

const ROUTES = {
  ListHostedZonesByName: `GET ${ROOT}/hostedzonesbyname`,
  ListResourceRecordSets: `GET ${ROOT}/hostedzone/{Id}/rrset`,
  ChangeResourceRecordSets: `POST ${ROOT}/hostedzone/{Id}/rrset`,
  GetChange: `GET ${ROOT}/change/{Id}`,
  ListHealthChecks: `GET ${ROOT}/healthcheck`,
  CreateHealthCheck: `POST ${ROOT}/healthcheck`,
  DeleteHealthCheck: `DELETE ${ROOT}/healthcheck/{Id}`,
  GetHealthCheckStatus: `GET ${ROOT}/healthcheck/{Id}/status`,
  ChangeTagsForResource: `POST ${ROOT}/tags/{Type}/{Id}`,
  ListCidrCollections: `GET ${ROOT}/cidrcollection`,
  CreateCidrCollection: `POST ${ROOT}/cidrcollection`,
  ListCidrBlocks: `GET ${ROOT}/cidrcollection/{Id}/cidrblocks`,
  DeleteCidrCollection: `DELETE ${ROOT}/cidrcollection/{Id}`,
  ChangeCidrCollection: `POST ${ROOT}/cidrcollection/{Id}`,
  TestDNSAnswer: `GET ${ROOT}/testdnsanswer`,
} as const;

/** Records on a page. */
const PAGE = 300;

type Run = (state: Route53State, input: RestInput, context: { readonly now: Date }) => RestOutput;

const reading = (run: Run): Operation<Route53State> => ({
  mutates: false,
  run: run as Operation<Route53State>['run'],
});
const changing = (run: Run): Operation<Route53State> => ({
  mutates: true,
  run: run as Operation<Route53State>['run'],
});
const answer = (name: string, ...inside: readonly (Xml | undefined)[]): RestOutput => ({
  body: element(name, ...inside),
});

function zoneIn(state: Route53State, id: string): FakeZone {
  const zone = state.zones.find((zone) => zone.id === id);
  if (!zone) throw new AwsError(404, 'NoSuchHostedZone', `No hosted zone found with ID: ${id}`);
  return zone;
}

function checkIn(state: Route53State, id: string) {
  const check = state.checks.find((check) => check.id === id);
  if (!check) throw new AwsError(404, 'NoSuchHealthCheck', `A health check with id '${id}' does not exist.`);
  return check;
}

/** The order of Route 53: labels from the right, then type and identifier. */
function sortKey(Name: string, Type: string, id = ''): string {
  return `${Name.split('.').toReversed().join('.')}\u0000${Type}\u0000${id}`;
}

const operations: Record<keyof typeof ROUTES, Operation<Route53State>> = {
  ListHostedZonesByName: reading((state, { query }) =>
    answer(
      'ListHostedZonesByNameResponse',
      element(
        'HostedZones',
        ...state.zones
          .filter(({ name }) => sortKey(name, '') >= sortKey(query['dnsname'] ?? '', ''))
          .map(({ id, name, isPrivate, sets }) =>
            write('HostedZone', {
              Id: `/hostedzone/${id}`,
              Name: name,
              CallerReference: id,
              Config: { PrivateZone: isPrivate },
              ResourceRecordSetCount: sets.length,
            }),
          ),
      ),
      element('IsTruncated', false),
      element('MaxItems', 100),
    ),
  ),
  ListResourceRecordSets: reading((state, { path, query }) => {
    const keyed = zoneIn(state, path['Id']!)
      .sets.map((set) => ({ set, key: sortKey(set.Name, set.Type, set.SetIdentifier) }))
      .toSorted((a, b) => (a.key < b.key ? -1 : 1));
    const start =
      query['name'] === undefined ? '' : sortKey(query['name'], query['type'] ?? '', query['identifier']);
    const rest = keyed.filter(({ key }) => key >= start);
    const next = rest[PAGE]?.set;
    return answer(
      'ListResourceRecordSetsResponse',
      element('ResourceRecordSets', ...rest.slice(0, PAGE).map(({ set }) => writeSet(set))),
      element('IsTruncated', next !== undefined),
      element('MaxItems', PAGE),
      ...(next
        ? [
            element('NextRecordName', next.Name),
            element('NextRecordType', next.Type),
            ...(next.SetIdentifier === undefined
              ? []
              : [element('NextRecordIdentifier', next.SetIdentifier)]),
          ]
        : []),
    );
  }),
  ChangeResourceRecordSets: changing((state, { path, body }, { now }) => {
    changeBatch(body, zoneIn(state, path['Id']!), state);
    const id = `C${String(Object.keys(state.pending).length + 1).padStart(4, '0')}`;
    state.pending[id] = state.looks;
    return answer(
      'ChangeResourceRecordSetsResponse',
      write('ChangeInfo', { Id: `/change/${id}`, Status: 'PENDING', SubmittedAt: now.toISOString() }),
    );
  }),
  GetChange: reading((state, { path }) => {
    const id = path['Id']!;
    const left = state.pending[id];
    if (left === undefined) throw new AwsError(404, 'NoSuchChange', `Could not find resource with ID: ${id}`);
    state.pending[id] = Math.max(0, left - 1);
    return answer(
      'GetChangeResponse',
      write('ChangeInfo', {
        Id: `/change/${id}`,
        Status: left <= 1 ? 'INSYNC' : 'PENDING',
        SubmittedAt: '2026-01-01T00:00:00Z',
      }),
    );
  }),
  ListHealthChecks: reading((state) =>
    answer(
      'ListHealthChecksResponse',
      element(
        'HealthChecks',
        ...state.checks.map(({ id, reference, config }) =>
          element(
            'HealthCheck',
            element('Id', id),
            element('CallerReference', reference),
            element('HealthCheckVersion', 1),
            writeConfig(config),
          ),
        ),
      ),
      element('IsTruncated', false),
      element('MaxItems', 100),
      element('Marker', ''),
    ),
  ),
  CreateHealthCheck: changing((state, { body }) => {
    const reference = textIn(body, 'CallerReference') ?? '';
    const config = readConfig(child(body, 'HealthCheckConfig'));
    if (reference.length < 1 || reference.length > 64)
      throw new AwsError(400, 'InvalidInput', 'CallerReference must have 1 to 64 characters');
    const fault = configFault(config);
    if (fault !== undefined) throw new AwsError(400, 'InvalidInput', fault);
    if (state.used.includes(reference))
      throw new AwsError(409, 'HealthCheckAlreadyExists', `The health check ${reference} already exists.`);
    const id = `00000000-0000-4000-8000-${String(state.used.length + 1).padStart(12, '0')}`;
    state.used.push(reference);
    state.checks.push({ id, reference, config, isHealthy: true, title: '' });
    return {
      status: 201,
      headers: { location: `${ROOT}/healthcheck/${id}` },
      body: element(
        'CreateHealthCheckResponse',
        element(
          'HealthCheck',
          element('Id', id),
          element('CallerReference', reference),
          element('HealthCheckVersion', 1),
          writeConfig(config),
        ),
      ),
    };
  }),
  DeleteHealthCheck: changing((state, { path }) => {
    const check = checkIn(state, path['Id']!);
    if (state.zones.some(({ sets }) => sets.some(({ HealthCheckId }) => HealthCheckId === check.id)))
      throw new AwsError(400, 'HealthCheckInUse', `The health check ${check.id} is in use.`);
    state.checks = state.checks.filter(({ id }) => id !== check.id);
    return answer('DeleteHealthCheckResponse');
  }),
  GetHealthCheckStatus: reading((state, { path }) => {
    const { isHealthy } = checkIn(state, path['Id']!);
    const status = isHealthy ? 'Success: HTTP Status Code 200, OK' : 'Failure: Connection timed out.';
    return answer(
      'GetHealthCheckStatusResponse',
      element(
        'HealthCheckObservations',
        ...['us-east-1', 'eu-west-1', 'sa-east-1'].map((Region) =>
          write('HealthCheckObservation', { Region, StatusReport: { Status: status } }),
        ),
      ),
    );
  }),
  ChangeTagsForResource: changing((state, { path, body }) => {
    const check = checkIn(state, path['Id']!);
    const [tag] = all(child(body, 'AddTags'), 'Tag');
    check.title = textIn(tag, 'Value') ?? '';
    return answer('ChangeTagsForResourceResponse');
  }),
  ListCidrCollections: reading((state) =>
    answer(
      'ListCidrCollectionsResponse',
      element(
        'CidrCollections',
        ...state.collections.map(({ id, name, version }) =>
          write('member', { Id: id, Name: name, Version: version }),
        ),
      ),
    ),
  ),
  CreateCidrCollection: changing((state, { body }) => {
    const name = textIn(body, 'Name') ?? '';
    if (!/^[0-9A-Za-z_-]{1,64}$/u.test(name))
      throw new AwsError(400, 'InvalidInput', 'the name is not allowed');
    if (state.collections.some((other) => other.name === name))
      throw new AwsError(400, 'CidrCollectionAlreadyExistsException', `${name} exists`);
    const id = `c0000000-0000-4000-8000-${String(state.collections.length + 1).padStart(12, '0')}`;
    state.collections.push({ id, name, version: 1, locations: {} });
    return {
      status: 201,
      headers: { location: id },
      body: element('CreateCidrCollectionResponse', write('Collection', { Id: id, Name: name, Version: 1 })),
    };
  }),
  ListCidrBlocks: reading((state, { path }) => {
    const { locations } = collectionIn(state, path['Id']!);
    const blocks = Object.entries(locations).flatMap(([LocationName, list]) =>
      list.map((CidrBlock) => ({ CidrBlock, LocationName })),
    );
    return answer(
      'ListCidrBlocksResponse',
      element('CidrBlocks', ...blocks.map((block) => write('member', block))),
    );
  }),
  ChangeCidrCollection: changing((state, { path, body }) => {
    const collection = collectionIn(state, path['Id']!);
    if (Number(textIn(body, 'CollectionVersion') ?? collection.version) !== collection.version)
      throw new AwsError(409, 'CidrCollectionVersionMismatchException', 'the version does not match');
    for (const change of all(child(body, 'Changes'), 'member')) {
      const name = textIn(change, 'LocationName')!;
      const blocks = (child(change, 'CidrList')?.children ?? []).map(({ text }) => text);
      const rest = (collection.locations[name] ?? []).filter((block) => !blocks.includes(block));
      collection.locations[name] = textIn(change, 'Action') === 'PUT' ? [...rest, ...blocks] : rest;
      if (collection.locations[name].length === 0) Reflect.deleteProperty(collection.locations, name);
    }
    collection.version++;
    return answer('ChangeCidrCollectionResponse', element('Id', 'change'));
  }),
  DeleteCidrCollection: changing((state, { path }) => {
    const { id, locations } = collectionIn(state, path['Id']!);
    const sets = state.zones.flatMap((zone) => zone.sets);
    if (
      Object.keys(locations).length > 0 ||
      sets.some(({ CidrRoutingConfig }) => CidrRoutingConfig?.CollectionId === id)
    )
      throw new AwsError(400, 'CidrCollectionInUseException', `${id} is in use, and isn't empty`);
    state.collections = state.collections.filter((other) => other.id !== id);
    return answer('DeleteCidrCollectionResponse');
  }),
  TestDNSAnswer: reading((state, { query }) => {
    const zone = zoneIn(state, query['hostedzoneid'] ?? '');
    if (zone.isPrivate)
      throw new AwsError(400, 'InvalidInput', 'TestDNSAnswer supports public hosted zones only');
    const name = query['recordname'] ?? '';
    const values = answerFor(
      zone,
      state,
      name,
      query['recordtype'] ?? '',
      query['edns0clientsubnetip'] ?? '',
    );
    return answer(
      'TestDNSAnswerResponse',
      element('Nameserver', 'ns-1.awsdns-01.com'),
      element('RecordName', name),
      element('RecordType', query['recordtype']),
      element('RecordData', ...values.map((value) => element('RecordDataEntry', value))),
      element('ResponseCode', 'NOERROR'),
      element('Protocol', 'UDP'),
    );
  }),
};

function collectionIn(state: Route53State, id: string) {
  const collection = state.collections.find((collection) => collection.id === id);
  if (!collection) throw new AwsError(404, 'NoSuchCidrCollectionException', `No CIDR collection ${id}`);
  return collection;
}

function readConfig(xml: Xml | undefined): Record<string, string | string[]> {
  return Object.fromEntries(
    (xml?.children ?? []).map(({ name, text, children }) => [
      name,
      children.length > 0 ? children.map((inner) => inner.text) : text,
    ]),
  );
}

function writeConfig(config: Record<string, string | string[]>): Xml {
  return element(
    'HealthCheckConfig',
    ...Object.entries(config).map(([key, value]) =>
      Array.isArray(value)
        ? element(key, ...value.map((region) => element('Region', region)))
        : element(key, value),
    ),
  );
}

function configFault(config: Record<string, string | string[]>): string | undefined {
  if (!['10', '30'].includes(String(config['RequestInterval']))) return 'RequestInterval must be 10 or 30';
  const threshold = Number(config['FailureThreshold']);
  if (threshold < 1 || threshold > 10) return 'FailureThreshold must be between 1 and 10';
  if (Array.isArray(config['Regions']) && config['Regions'].length < 3)
    return 'at least three Regions must be given';
  if (/^(?:10|127|192\.168)\./u.test(String(config['IPAddress'] ?? '')))
    return 'Invalid parameter : IP address is not public';
  return undefined;
}

/** Route 53 on loopback. */
export function fakeRoute53(state: Partial<Route53State> = {}) {
  return defineService<Route53State>({
    name: 'route53',
    protocol: restXml({ namespace: 'https://route53.amazonaws.com/doc/2013-04-01/', routes: ROUTES }),
    state: emptyState(state),
    operations,
    regions: ['us-east-1'],
    inventory: ({ zones, checks, collections }) => ({ zones, checks, collections }),
  });
}

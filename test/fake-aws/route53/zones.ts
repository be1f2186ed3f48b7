import { AwsError } from '../errors.ts';
import { element } from '../protocols/xml.ts';
import { changeBatch } from './change-batch.ts';
import { answer, changing, reading } from './operation.ts';
import type { FakeZone, Route53State } from './state.ts';
import { answerFor } from './test-answer.ts';
import { write, writeSet } from './wire.ts';

/** Records on a page. */
const PAGE = 300;

function zoneIn(state: Route53State, id: string): FakeZone {
  const zone = state.zones.find((zone) => zone.id === id);
  if (!zone) throw new AwsError(404, 'NoSuchHostedZone', `No hosted zone found with ID: ${id}`);
  return zone;
}

/** The order of Route 53: labels from the right, then type and identifier. */
function sortKey(Name: string, Type: string, id = ''): string {
  return `${Name.split('.').toReversed().join('.')}\u0000${Type}\u0000${id}`;
}

/** Hosted zones and their records. */
export const ofZones = {
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

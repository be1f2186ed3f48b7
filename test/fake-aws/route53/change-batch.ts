import { AwsError } from '../errors.ts';
import type { Xml } from '../protocols/xml.ts';
import { batchFault, inputFault } from './rules.ts';
import type { FakeSet, FakeZone, Route53State } from './state.ts';
import { all, child, readSet, textIn } from './wire.ts';

/** Limits of a batch (ChangeResourceRecordSets). */
const [RECORDS, CHARACTERS] = [1000, 32_000];

/** Makes all changes of a batch, or throws what Route 53 says. */
export function changeBatch(body: Xml | undefined, zone: FakeZone, state: Route53State): void {
  const batch = child(body, 'ChangeBatch');
  const changes = all(child(batch, 'Changes'), 'Change').map((change) => ({
    action: textIn(change, 'Action') ?? '',
    set: readSet(child(change, 'ResourceRecordSet')!),
  }));
  if (changes.length === 0) throw new AwsError(400, 'InvalidInput', 'Invalid request: changes is empty');
  const input = changes.flatMap(({ action, set }) => inputFault(action, set) ?? []);
  if (input.length > 0) throw new AwsError(400, 'InvalidInput', input.join('; '));
  const double = (action: string) => (action === 'UPSERT' ? 2 : 1);
  const sum = (of: (set: FakeSet) => number) =>
    changes.reduce((total, { action, set }) => total + of(set) * double(action), 0);
  const messages = [
    ...(sum(({ Values = [] }) => Values.length) > RECORDS
      ? [`Number of records limit of ${RECORDS} exceeded.`]
      : []),
    ...(sum(({ Values = [] }) => Values.join('').length) > CHARACTERS
      ? [`Number of characters limit of ${CHARACTERS} exceeded.`]
      : []),
    ...changes.flatMap(({ action, set }) => makeChange(action, set, zone, state) ?? []),
  ];
  if (messages.length > 0) throw refused(messages);
  state.batches++;
}

/** All messages in one, as the service writes them. */
function refused(messages: readonly string[]): AwsError {
  return new AwsError(400, 'InvalidChangeBatch', `[${messages.join(', ')}]`);
}

function makeChange(action: string, set: FakeSet, zone: FakeZone, state: Route53State): string | undefined {
  const isSame = (other: FakeSet) =>
    other.Name === set.Name && other.Type === set.Type && other.SetIdentifier === set.SetIdentifier;
  const index = zone.sets.findIndex(isSame);
  if (action === 'DELETE') {
    const title = `[name='${set.Name}', type='${set.Type}'${set.SetIdentifier === undefined ? '' : `, set identifier='${set.SetIdentifier}'`}]`;
    if (index === -1) return `Tried to delete resource record set ${title} but it was not found`;
    if (textOf(zone.sets[index]!) !== textOf(set))
      return `Tried to delete resource record set ${title} but the values provided do not match the current values`;
    if (set.Name === zone.name && ['NS', 'SOA'].includes(set.Type))
      return `A HostedZone must contain at least one ${set.Type} record for the zone itself.`;
    zone.sets.splice(index, 1);
    return undefined;
  }
  const without = {
    ...zone,
    sets: action === 'UPSERT' ? zone.sets.filter((other) => !isSame(other)) : zone.sets,
  };
  const fault = batchFault(set, without, state);
  if (fault !== undefined) return fault;
  zone.sets = [...without.sets, set];
  return undefined;
}

function textOf(set: FakeSet): string {
  const flat = (value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(value)
          .map(([key, inner]) => [key, flat(inner)])
          .toSorted()
      : value;
  return JSON.stringify(flat({ ...set, Values: set.Values?.toSorted() }));
}

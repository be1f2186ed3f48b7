import { element, type Xml } from '../protocols/xml.ts';
import type { FakeSet } from './state.ts';

export function child(xml: Xml | undefined, name: string): Xml | undefined {
  return xml?.children.find((inner) => inner.name === name);
}

export function textIn(xml: Xml | undefined, name: string): string | undefined {
  return child(xml, name)?.text;
}

export function all(xml: Xml | undefined, name: string): readonly Xml[] {
  return xml?.children.filter((inner) => inner.name === name) ?? [];
}

function numberIn(xml: Xml, name: string): number | undefined {
  const text = textIn(xml, name);
  return text === undefined ? undefined : Number(text);
}

function recordIn(xml: Xml | undefined): Record<string, string> | undefined {
  return xml && Object.fromEntries(xml.children.map(({ name, text }) => [name, text]));
}

/** A record set as it comes: names in lower case with a dot at the end. */
export function readSet(xml: Xml): FakeSet {
  const name = (textIn(xml, 'Name') ?? '').toLowerCase().replaceAll('*', '\\052');
  const alias = child(xml, 'AliasTarget');
  const near = child(xml, 'GeoProximityLocation');
  const records = child(xml, 'ResourceRecords');
  const cidr = recordIn(child(xml, 'CidrRoutingConfig'));
  const set = {
    Name: name.endsWith('.') ? name : `${name}.`,
    Type: textIn(xml, 'Type') ?? '',
    SetIdentifier: textIn(xml, 'SetIdentifier'),
    Weight: numberIn(xml, 'Weight'),
    Region: textIn(xml, 'Region'),
    GeoLocation: recordIn(child(xml, 'GeoLocation')),
    Failover: textIn(xml, 'Failover'),
    MultiValueAnswer: textIn(xml, 'MultiValueAnswer') === 'true' ? true : undefined,
    GeoProximityLocation: near && {
      ...(textIn(near, 'AWSRegion') === undefined ? {} : { AWSRegion: textIn(near, 'AWSRegion') }),
      ...(textIn(near, 'LocalZoneGroup') === undefined
        ? {}
        : { LocalZoneGroup: textIn(near, 'LocalZoneGroup') }),
      ...(child(near, 'Coordinates') ? { Coordinates: recordIn(child(near, 'Coordinates')) } : {}),
      ...(numberIn(near, 'Bias') === undefined ? {} : { Bias: numberIn(near, 'Bias') }),
    },
    CidrRoutingConfig: cidr,
    TTL: numberIn(xml, 'TTL'),
    Values: records && all(records, 'ResourceRecord').map((record) => textIn(record, 'Value') ?? ''),
    AliasTarget: alias && {
      HostedZoneId: textIn(alias, 'HostedZoneId') ?? '',
      DNSName: dotted(textIn(alias, 'DNSName') ?? ''),
      EvaluateTargetHealth: textIn(alias, 'EvaluateTargetHealth') === 'true',
    },
    HealthCheckId: textIn(xml, 'HealthCheckId'),
  };
  return Object.fromEntries(
    Object.entries(set).filter(([, value]) => value !== undefined),
  ) as unknown as FakeSet;
}

function dotted(name: string): string {
  const lower = name.toLowerCase();
  return lower.endsWith('.') ? lower : `${lower}.`;
}

export function writeSet(set: FakeSet): Xml {
  const { Values, ...rest } = set;
  const inside = Object.entries(rest).map(([key, value]) => write(key, value));
  return element(
    'ResourceRecordSet',
    ...inside,
    Values === undefined
      ? undefined
      : element(
          'ResourceRecords',
          ...Values.map((value) => element('ResourceRecord', element('Value', value))),
        ),
  );
}

export function write(key: string, value: unknown): Xml {
  if (typeof value !== 'object' || value === null) return element(key, String(value));
  return element(key, ...Object.entries(value).map(([inner, part]) => write(inner, part)));
}

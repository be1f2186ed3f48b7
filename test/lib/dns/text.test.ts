import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { textOf } from '../../../src/lib/dns/change/same.ts';
import { readBind } from '../../../src/lib/dns/text/bind-read.ts';
import { writeBind } from '../../../src/lib/dns/text/bind-write.ts';
import { readJson, writeJson } from '../../../src/lib/dns/text/json.ts';
import { a, alias } from './records.ts';

const ZONE = 'example.com.';

describe('the form of BIND', () => {
  test('is read with all that zone files have', () => {
    const { sets, faults } = readBind(
      `$TTL 1h30m
@ IN SOA ns1 hostmaster ( 1 ; serial
   7200 900 1209600 86400 )
  IN NS ns1.example.net.
www 60 IN A 192.0.2.1
    60 IN A 192.0.2.2
*.api IN 5m CNAME lb
@ MX 10 mail
txt TXT "v=spf1 -all; x" "second \\"part\\""
$ORIGIN sub.example.com.
deep AAAA 2001:db8::1
`,
      'example.com',
    );
    expect(faults).toEqual([]);
    expect(
      sets.map(({ Name, Type, TTL, ResourceRecords }) => [
        Name,
        Type,
        TTL,
        ...ResourceRecords!.map(({ Value }) => Value),
      ]),
    ).toEqual([
      [ZONE, 'SOA', 5400, 'ns1 hostmaster 1 7200 900 1209600 86400'],
      [ZONE, 'NS', 5400, 'ns1.example.net.'],
      ['www.example.com.', 'A', 60, '192.0.2.1', '192.0.2.2'],
      ['\\052.api.example.com.', 'CNAME', 300, 'lb.example.com.'],
      [ZONE, 'MX', 5400, '10 mail.example.com.'],
      ['txt.example.com.', 'TXT', 5400, '"v=spf1 -all; x" "second \\"part\\""'],
      ['deep.sub.example.com.', 'AAAA', 5400, '2001:db8::1'],
    ]);
  });

  test('faults are told with their lines', () => {
    const { faults } = readBind(
      'www IN A 192.0.2.1\n$INCLUDE other\nx IN BOGUS 1\ny IN\nz A\n',
      'example.com',
    );
    expect(faults.map(({ line, message }) => `${line}: ${message}`)).toEqual([
      '2: $INCLUDE is not read; write the records out',
      '3: "BOGUS" is no time, no class and no type of record',
      '4: the record has no type',
      '5: the A record has no value',
    ]);
  });

  test('what is written is read again; what it has no words for stands in comments', () => {
    const sets = [
      a({}, '192.0.2.1'),
      a({ Name: '\\052.example.com.', Type: 'TXT' }, '"a; b" "c"'),
      a({ Name: 'm.example.com.', Type: 'MX' }, '10 mail.example.com.'),
    ];
    const text = writeBind(ZONE, [
      ...sets,
      alias({ Name: 'x.example.com.' }),
      a({ SetIdentifier: 'w', Weight: 1 }),
    ]);
    expect(readBind(text, ZONE).sets.map(textOf).toSorted()).toEqual(sets.map(textOf).toSorted());
    expect(text).toContain('; x.example.com A alias inner.example.com');
    expect(text).toContain('; www.example.com A 60 192.0.2.1  weight=1  id=w');
  });

  test('whatever is written is read or told', () => {
    const word = fc.constantFrom(
      '@',
      'www',
      'IN',
      'A',
      'TXT',
      '60',
      '(',
      ')',
      ';',
      '"',
      '\\',
      '$TTL',
      '$ORIGIN',
      '192.0.2.1',
      '\n',
      '\n ',
      'é',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(word, fc.string()), { maxLength: 30 }), (words) => {
        const { sets } = readBind(words.join(' '), ZONE);
        expect(sets.every(({ ResourceRecords }) => ResourceRecords!.length > 0)).toBe(true);
      }),
    );
  });
});

describe('JSON', () => {
  test('is read as it is written, and as the AWS command line writes it', () => {
    const sets = [
      a({ SetIdentifier: 'x', GeoLocation: { CountryCode: '*' }, HealthCheckId: 'h' }),
      alias({}, 'inner.example.com.'),
    ];
    expect(readJson(writeJson(sets))).toEqual(sets);
    const named = JSON.stringify({ ResourceRecordSets: [{ ...sets[0], Name: 'WWW.example.com' }] });
    expect(readJson(named)).toEqual([sets[0]]);
  });

  test.each([
    ['{', /no JSON/u],
    ['{}', /no list ResourceRecordSets/u],
    ['[1]', /no list/u],
    ['{"ResourceRecordSets":[{"Name":"x"}]}', /\[0\] has no Type/u],
    ['{"ResourceRecordSets":[{"Name":"x","Type":"A","Bogus":1}]}', /not known: Bogus/u],
    ['{"ResourceRecordSets":[{"Name":"x","Type":"A","TTL":"60"}]}', /TTL is no number/u],
    ['{"ResourceRecordSets":[{"Name":"x","Type":"A","ResourceRecords":["1"]}]}', /no list of values/u],
    ['{"ResourceRecordSets":[{"Name":"x","Type":"A","AliasTarget":{}}]}', /AliasTarget lacks/u],
  ])('%s is told', (text, message) => {
    expect(readJson(text)).toMatch(message);
  });

  test('whatever is written is read or told', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const read = readJson(`{"ResourceRecordSets":[${text}]}`);
        expect(typeof read === 'string' || Array.isArray(read)).toBe(true);
      }),
    );
  });
});

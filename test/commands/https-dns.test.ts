import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { AwsError } from '../fake-aws/errors.ts';
import { type RestInput, restXml } from '../fake-aws/protocols/rest-xml.ts';
import { element, type Xml } from '../fake-aws/protocols/xml.ts';
import { type FakeAws, startFakeAws } from '../fake-aws/server.ts';
import { defineService } from '../fake-aws/service.ts';
import { type Host, startHost, withoutHosts } from '../support/host.ts';
import { type HttpsShop, newHttpsShop } from '../support/https-shop.ts';
import { relay } from '../support/relay.ts';
import { without } from '../support/tools.ts';

const skip = without('nginx', 'curl', 'ssh', 'sshd', 'openssl', 'pebble', 'certbot') || withoutHosts();

interface State {
  readonly records: Record<string, string[]>;
  looks: number;
}

const child = (xml: Xml, ...names: string[]): Xml =>
  names.reduce((from, name) => from.children.find((one) => one.name === name) ?? element(name), xml);

/** A Route 53 with one zone, Z1, whose changes take two looks to come to all servers. */
function route53(published: (host: string, values: readonly string[]) => void) {
  const answer = (name: string, status: string) => ({
    body: element(name, element('ChangeInfo', element('Id', '/change/C1'), element('Status', status))),
  });
  return defineService<State>({
    name: 'route53',
    protocol: restXml({
      namespace: 'https://route53.amazonaws.com/doc/2013-04-01/',
      routes: {
        ChangeResourceRecordSets: 'POST /2013-04-01/hostedzone/{Id}/rrset',
        GetChange: 'GET /2013-04-01/change/{Id}',
      },
    }),
    state: { records: {}, looks: 0 },
    operations: {
      ChangeResourceRecordSets: {
        mutates: true,
        run(state, { path, body }: RestInput) {
          if (path['Id'] !== 'Z1')
            throw new AwsError(404, 'NoSuchHostedZone', `No hosted zone found with ID: ${path['Id']}`);
          const change = child(body!, 'ChangeBatch', 'Changes', 'Change');
          const set = child(change, 'ResourceRecordSet');
          const name = child(set, 'Name').text;
          const values = child(set, 'ResourceRecords').children.map((record) => child(record, 'Value').text);
          expect([child(set, 'Type').text, child(set, 'TTL').text]).toEqual(['TXT', '30']);
          if (values.length === 0 || values.some((value) => !/^"[\w-]{43}"$/u.test(value)))
            throw new AwsError(400, 'InvalidChangeBatch', 'Invalid Resource Record');
          if (child(change, 'Action').text === 'UPSERT') state.records[name] = values;
          else if (JSON.stringify(state.records[name]) === JSON.stringify(values)) delete state.records[name];
          else
            throw new AwsError(400, 'InvalidChangeBatch', 'values provided do not match the current values');
          state.looks = 0;
          published(name, state.records[name] ?? []);
          return answer('ChangeResourceRecordSetsResponse', 'PENDING');
        },
      },
      GetChange: {
        mutates: true,
        run: (state) => answer('GetChangeResponse', ++state.looks < 2 ? 'PENDING' : 'INSYNC'),
      },
    },
    inventory: ({ records }) => records,
  });
}

describe.skipIf(skip)('a certificate for all hosts of a domain', { timeout: 300_000 }, () => {
  let host: Host;
  let shop: HttpsShop;
  let aws: FakeAws;
  const dns = ', challenge: dns-01, zone: Z1, credentials: keys';
  const keys = (secret = aws.credentials.secretAccessKey): Promise<void> =>
    writeFile(
      join(shop.folder, 'keys'),
      `[default]\naws_access_key_id = ${aws.credentials.accessKeyId}\naws_secret_access_key = ${secret}\nendpoint_url = ${aws.url}\n`,
    );

  /** Does what the timer does, while AWS answers. */
  const renew = (): Promise<unknown> =>
    promisify(execFile)(host.enter[0]!, [
      ...host.enter.slice(1),
      'sh',
      '-c',
      'sh /etc/lbctl/certificates.sh renew /etc/lbctl',
    ]);

  beforeAll(async () => {
    host = await startHost();
    shop = await newHttpsShop([host]);
    const { credentials } = await startFakeAws([]);
    const service = route53((name, values) => {
      host.sh(`curl -sf -d '{"host":"${name}"}' http://127.0.0.1:8055/clear-txt`);
      for (const value of values)
        host.sh(`curl -sf -d '{"host":"${name}","value":${value}}' http://127.0.0.1:8055/set-txt`);
    });
    aws = await startFakeAws([service], { credentials });
    await relay(host, Number(new URL(aws.url).port));
  }, 60_000);

  test('cannot be had with keys that are not right, and Route 53 says so', async () => {
    await shop.describe('one', '"*.example.com", example.com', dns);
    await keys('wrong');
    const run = await shop.run('up');
    expect(run.code).toBe(3);
    expect(run.stderr).toContain('Route 53: SignatureDoesNotMatch');
    expect(run.stderr).toContain('hint: the keys of acme');
    expect(run.stderr).not.toContain('wrong');
  });

  test('is had by a record in Route 53, of which nothing is left', async () => {
    await keys();
    const run = await shop.run('up', '--yes');
    expect(run.stderr).not.toContain('error:');
    expect(shop.answer('a.example.com')).toBe('one');
    expect(shop.answer('example.com')).toBe('one');
    expect(aws.inventory()).toEqual({ route53: {} });
    expect(aws.changes().length).toBeGreaterThan(3);
    expect(await shop.run('plan', '--check')).toMatchObject({ code: 0 });
  });

  test('is renewed by the timer, with keys that nobody else can read', async () => {
    const before = shop.fingerprint();
    await renew();
    expect(shop.fingerprint()).not.toBe(before);
    expect(host.sh('stat -c "%U %a" /etc/lbctl/acme/credentials/https')).toBe('root 600');
    expect(host.sh('grep -rls secret/of /etc/lbctl || true')).toBe('/etc/lbctl/acme/credentials/https');
    expect(aws.inventory()).toEqual({ route53: {} });
  });

  test('gets other keys when they have changed', async () => {
    await writeFile(
      join(shop.folder, 'keys'),
      `# new\naws_access_key_id=${aws.credentials.accessKeyId}\naws_secret_access_key=${aws.credentials.secretAccessKey}\nendpoint_url=${aws.url}\n`,
    );
    expect((await shop.run('plan')).stdout).toContain('how it is renewed has changed');
    expect(await shop.run('up', '--yes')).toMatchObject({ code: 0 });
    expect(host.sh('cat /etc/lbctl/acme/credentials/https')).toContain('# new');
    expect(await shop.run('plan', '--check')).toMatchObject({ code: 0 });
  });

  test('bears a Route 53 that is busy, and what a killed run has left there', async () => {
    aws.fail({ operation: 'ChangeResourceRecordSets', fault: 'throttled', times: 1 });
    host.sh('mkdir -p /etc/lbctl/acme/txt && echo left >/etc/lbctl/acme/txt/example.com');
    const before = shop.fingerprint();
    await renew();
    expect(shop.fingerprint()).not.toBe(before);
    expect(aws.inventory()).toEqual({ route53: {} });
  });
});

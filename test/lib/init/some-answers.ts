import type { Facts, Given } from '../../../src/lib/init/question.ts';
import { complaintAbout, nextQuestion } from '../../../src/lib/init/questions.ts';

/** The same in several Regions. */
function arns(service: string, name: string, ...regions: readonly string[]): string {
  return regions.map((region) => `arn:aws:${service}:${region}:111122223333:${name}`).join(' ');
}

/** Answers that people may give, by the question; tricky ones among them. */
const TEXTS: Readonly<Record<string, readonly string[]>> = {
  name: ['shop', 'null', 'true', 'on', 'a1', 'x'.repeat(32)],
  node: ['lb1', 'ops@lb1.example.com lb2', 'ssh://ops@[2001:db8::1]:2222', '10.0.0.1', '1', 'no'],
  region: ['eu-west-1', 'us-east-1,eu-west-1', 'us-east-1 eu-west-1 ap-southeast-2'],
  instances: ['1', '3', '2-6', '4-4'],
  'ssh-from': ['203.0.113.7', '0.0.0.0/0', '2001:db8::/32 198.51.100.0/24', '::/0'],
  server: [
    '10.0.0.11:8080',
    '127.0.0.1:9001, 127.0.0.1:9002 127.0.0.1:9003',
    '[2001:db8::1]:80',
    'unix:/run/app.sock',
    'app.internal:3000 10.0.0.11:3000',
    '127.0.0.1:8080 localhost:8081',
    '1:80',
    '1.5:80',
  ],
  discover: ['web-*', '*', 'a.b', '1', 'no', '1.5'],
  'discover-port': ['8080', '1'],
  host: [
    '',
    'shop.example.com',
    '*.example.com',
    'Shop.Example.com www.example.com, *.example.com',
    'example.com',
    'example.*',
    '*.a.example.com *.b.example.com',
    '1',
    '1.5',
    'no',
    '_x.example.com',
  ],
  email: ['ops@example.com', '1@2.3', 'a+b@example.co.uk'],
  'acme-zone': ['Z0123456789ABC', 'Z1'],
  certificate: ['tls/shop.pem', '/etc/ssl/a b.pem', '1', '- a', 'a: b'],
  key: ['tls/shop.key', '/etc/ssl/a b.key', 'null', '*x'],
  port: ['80', '8080', '443', '8081', '1', '65535'],
  'https-port': ['443', '8443', '80', '4'],
  zone: ['', 'example.com', 'example.com.', 'EXAMPLE.com', 'a.example.com'],
  address: ['203.0.113.7', '203.0.113.7 198.51.100.1', '2001:db8::1 2001:db8::2 2001:db8::3'],
  nlb: ['', 'shop', 'null', '1'],
  notify: [
    '',
    arns('sns', 'ops', 'us-east-1'),
    arns('sns', 'ops', 'eu-west-1'),
    arns('sns', 'ops', 'us-east-1', 'eu-west-1'),
    arns('sns', 'ops', 'us-east-1', 'eu-west-1', 'ap-southeast-2'),
  ],
  acm: [
    arns('acm', 'certificate/0f3c', 'us-east-1'),
    arns('acm', 'certificate/0f3c', 'eu-west-1'),
    arns('acm', 'certificate/0f3c', 'us-east-1', 'eu-west-1'),
    arns('acm', 'certificate/0f3c', 'us-east-1', 'eu-west-1', 'ap-southeast-2'),
  ],
  'instance-type': ['t4g.small', 'm7i.large c7i.large', 'c7gn.medium,t4g.nano', 'u-6tb1.metal'],
  vpc: ['new', 'vpc-0abc1234def567890'],
  'vpc-cidr': ['10.20.0.0/16', '172.31.4.0/24', '192.168.0.0/16'],
  'public-subnet': ['subnet-0aaa1111 subnet-0aaa2222', 'subnet-0aaa1111,subnet-0aaa2222 subnet-0aaa3333'],
  'private-subnet': [
    '',
    'subnet-0bbb1111 subnet-0bbb2222',
    'subnet-0bbb1111 subnet-0bbb2222 subnet-0bbb3333',
  ],
};

const PATHS: readonly string[] = ['', '/api/', '/api', '/a.b/~c/', '/1', '/web/', '/api/v1/', '/-/'];
const RATES: readonly string[] = ['', '20r/s', '300r/m', '1r/m'];
const SERVERS: readonly string[] = [
  '',
  '10.0.0.21:9000',
  '10.0.0.21:9000 10.0.0.22:9000',
  'unix:/run/x.sock',
];

function textsFor(id: string): readonly string[] {
  if (id.endsWith('.rate')) return RATES;
  if (id.endsWith('.servers')) return SERVERS;
  if (id.startsWith('path.')) return id === 'path.4' ? [''] : PATHS;
  return TEXTS[id] ?? [];
}

/** A walk through all questions, in which each number says which of the answers is taken. */
export function someAnswers(numbers: readonly number[], facts: Facts): Given {
  const given: Record<string, string> = {};
  for (let turn = 0; ; turn++) {
    const question = nextQuestion(given, facts);
    if (question === undefined) return given;
    if (given[question.id] !== undefined)
      throw new Error(`${question.id} has become wrong: ${JSON.stringify(given)}`);
    const all = question.choices?.(given).map(({ value }) => value) ?? textsFor(question.id);
    const good = all.filter((text) => complaintAbout(question, text, given) === undefined);
    if (good.length === 0) throw new Error(`nothing answers ${question.id}: ${JSON.stringify(given)}`);
    given[question.id] = good[(numbers[turn % numbers.length] ?? 0) % good.length]!;
  }
}

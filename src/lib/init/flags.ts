/** A flag of init, which answers the question of its name; kept apart from what is asked, as the help needs these alone. */
interface Flag {
  /** In commander's notation; without a value it means yes. */
  readonly flags: string;
  readonly summary: string;
  readonly repeats?: boolean;
  /** All words that it takes, where those can be listed. */
  readonly values?: readonly string[];
}

/** A flag for each answer. */
export const answerFlags: readonly Flag[] = [
  {
    flags: '--provider <name>',
    summary: 'where it runs: local (this machine), ssh, lightsail or ec2 (default: local)',
    values: ['local', 'ssh', 'lightsail', 'ec2'],
  },
  { flags: '--name <name>', summary: 'name of the balancer (default: that of the folder)' },
  {
    flags: '--node <host>',
    summary: 'a machine that runs NGINX, as one writes it for ssh, such as ops@lb1.example.com',
    repeats: true,
  },
  {
    flags: '--region <name>',
    summary:
      'a Region of AWS that it runs in, such as eu-west-1 (default: AWS_REGION, or that of the profile)',
    repeats: true,
  },
  {
    flags: '--instances <n>',
    summary:
      'instances in each Region (default: 1 for lightsail, 2 for ec2, where 2-6 is the fewest and the most)',
  },
  {
    flags: '--ssh-from <address>',
    summary: 'an address or network that may log in to the instances by ssh; all others may not',
    repeats: true,
  },
  {
    flags: '--servers-from <how>',
    summary:
      'how servers are known: named, lightsail (running instances) or group (of Auto Scaling), both found anew at each deploy',
    values: ['named', 'lightsail', 'group'],
  },
  {
    flags: '--server <address>',
    summary: 'a server that requests go to, such as 10.0.0.11:8080',
    repeats: true,
  },
  {
    flags: '--discover <name>',
    summary:
      'name of the instances of Lightsail that are servers, in which * stands for anything: web-*, or of the group',
  },
  { flags: '--discover-port <n>', summary: 'port of these instances (default: 8080)' },
  {
    flags: '--instance-type <type>',
    summary: 'instance type of the nodes (ec2; default: t4g.small)',
    repeats: true,
  },
  {
    flags: '--image <name>',
    summary: 'system of the nodes (ec2; default: amazon_linux_2023)',
    values: ['amazon_linux_2023', 'debian_12', 'debian_13', 'ubuntu_24_04'],
  },
  {
    flags: '--vpc <id>',
    summary: 'VPC of the nodes: new, which is one that lbctl makes, or the ID of one (ec2; default: new)',
  },
  {
    flags: '--vpc-cidr <range>',
    summary: 'addresses of the new VPC, where servers have private ones (default: a range beside them)',
  },
  {
    flags: '--nat <how>',
    summary:
      'how nodes of the new VPC reach the internet: NAT gateways per_zone, one or none (default: per_zone)',
    values: ['per_zone', 'one', 'none'],
  },
  {
    flags: '--public-subnet <id>',
    summary: 'a subnet of the load balancer in a VPC that is there, one in each zone',
    repeats: true,
  },
  {
    flags: '--private-subnet <id>',
    summary: 'a subnet of the nodes in that VPC, one in each zone (default: the public ones)',
    repeats: true,
  },
  {
    flags: '--static-ips <answer>',
    summary: 'give the load balancer addresses that stay: yes or no (ec2; default: yes)',
    values: ['yes', 'no'],
  },
  {
    flags: '--host <name>',
    summary: 'a host name that is answered, such as shop.example.com (default: all)',
    repeats: true,
  },
  {
    flags: '--https <how>',
    summary:
      "certificates: none, acme (free ones, by Let's Encrypt), acm (AWS's own, on ec2) or files (default: none for local, acm for ec2, else acme)",
    values: ['none', 'acme', 'acm', 'files'],
  },
  { flags: '--email <address>', summary: 'your e-mail address for the authority (acme)' },
  {
    flags: '--acme-zone <id>',
    summary: 'id of the hosted zone of Route 53 by which hosts with a * are shown to be yours (acme)',
  },
  {
    flags: '--acm <arn>',
    summary: 'certificate of ACM with which the load balancer ends TLS, one for each Region (acm)',
    repeats: true,
  },
  {
    flags: '--certificate <path>',
    summary: 'certificate chain in PEM form, the server certificate first (files)',
  },
  { flags: '--key <path>', summary: 'its private key in PEM form (files)' },
  { flags: '--port <n>', summary: 'port of HTTP (default: 8080 for local, else 80)' },
  { flags: '--https-port <n>', summary: 'port of HTTPS (default: 443; 8443 for local with files)' },
  {
    flags: '--path <path>',
    summary: 'a path with a rate limit, servers of its own or both, such as /api/=20r/s,10.0.0.21:9000',
    repeats: true,
  },
  {
    flags: '--zone <name>',
    summary: 'hosted zone of Route 53 in which the hosts get records, such as example.com (default: none)',
  },
  {
    flags: '--address <address>',
    summary: 'an address by which clients reach the balancer, for its records (default: none)',
    repeats: true,
  },
  {
    flags: '--dns-policy <name>',
    summary: 'how Route 53 chooses: simple, multivalue, weighted, failover or latency (default: as fits)',
    values: ['simple', 'multivalue', 'weighted', 'failover', 'latency'],
  },
  {
    flags: '--nlb <name>',
    summary: 'name of the Network Load Balancer in front, for alarms of CloudWatch (default: none)',
  },
  {
    flags: '--notify <arn>',
    summary:
      'SNS topic that alarms tell, such as arn:aws:sns:us-east-1:111122223333:ops; on ec2 one for each Region',
    repeats: true,
  },
  {
    flags: '--pre-commit',
    summary: 'have pre-commit check lb.yaml before each commit (.pre-commit-config.yaml)',
  },
];

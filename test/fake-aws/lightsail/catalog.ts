import { type Blueprint, type Bundle, type PortInfo, RegionName } from '@aws-sdk/client-lightsail';

export const REGIONS: readonly string[] = Object.values(RegionName);

/** The zones of a region. How many there are differs in fact; three are there everywhere but in the oldest. */
export function zonesOf(region: string): readonly string[] {
  return [...(region === 'us-east-1' ? 'abcdef' : 'abc')].map((letter) => `${region}${letter}`);
}

const blueprint = (
  blueprintId: string,
  name: string,
  version: string,
  more: Partial<Blueprint> = {},
): Blueprint => ({
  blueprintId,
  name,
  group: blueprintId.replace(/_[\d_]+$/u, ''),
  type: 'os',
  description: name,
  isActive: true,
  minPower: 0,
  version,
  versionCode: '1',
  productUrl: `https://aws.amazon.com/marketplace/pp/${blueprintId}`,
  licenseUrl: `https://aws.amazon.com/agreement/`,
  platform: 'LINUX_UNIX',
  ...more,
});

/** Some of those that there are; ids as of 2026, versions are examples. */
export const BLUEPRINTS: readonly Blueprint[] = [
  blueprint('wordpress', 'WordPress', '6.8.1', { type: 'app' }),
  blueprint('nginx', 'Nginx', '1.29.0', { type: 'app' }),
  blueprint('amazon_linux_2023', 'Amazon Linux 2023', '2023.7'),
  blueprint('ubuntu_24_04', 'Ubuntu', '24.04 LTS'),
  blueprint('ubuntu_22_04', 'Ubuntu', '22.04 LTS'),
  blueprint('ubuntu_18_04', 'Ubuntu', '18.04 LTS', { isActive: false }),
  blueprint('debian_12', 'Debian', '12.9'),
  blueprint('debian_10', 'Debian', '10.8', { isActive: false }),
  blueprint('windows_server_2022', 'Windows Server 2022', '2022', { platform: 'WINDOWS' }),
];

/** Name, power, price in USD a month, price without IPv4, vCPUs, GB of memory, of disk, of transfer a month. */
const SIZES = [
  ['nano', 298, 5, 3.5, 2, 0.5, 20, 1024],
  ['micro', 500, 7, 5, 2, 1, 40, 2048],
  ['small', 1000, 12, 10, 2, 2, 60, 3072],
  ['medium', 2000, 24, 20, 2, 4, 80, 4096],
  ['large', 3000, 44, 40, 2, 8, 160, 5120],
  ['xlarge', 3500, 84, 80, 4, 16, 320, 6144],
  ['2xlarge', 4000, 164, 160, 8, 32, 640, 7168],
] as const;

/** Some regions have bundles with ids of their own; which ones these are for the third generation is unverified. */
const GENERATIONS: Readonly<Record<string, string>> = { 'ap-south-1': '3_1', 'ap-southeast-2': '3_2' };

export function bundlesOf(region: string): readonly Bundle[] {
  const generation = GENERATIONS[region] ?? '3_0';
  return SIZES.flatMap(([size, power, price, without, cpuCount, ramSizeInGb, diskSizeInGb, transfer]) =>
    [
      { id: `${size}_${generation}`, price, platform: 'LINUX_UNIX' as const, publicIpv4AddressCount: 1 },
      {
        id: `${size}_ipv6_${generation}`,
        price: without,
        platform: 'LINUX_UNIX' as const,
        publicIpv4AddressCount: 0,
      },
      {
        id: `${size}_win_${generation}`,
        price: price * 1.9,
        platform: 'WINDOWS' as const,
        publicIpv4AddressCount: 1,
      },
    ].map(({ id, price, platform, publicIpv4AddressCount }) => ({
      price,
      cpuCount,
      diskSizeInGb,
      bundleId: id,
      instanceType: size,
      isActive: true,
      name: size[0]!.toUpperCase() + size.slice(1),
      power,
      ramSizeInGb,
      transferPerMonthInGb: transfer,
      supportedPlatforms: [platform],
      publicIpv4AddressCount,
    })),
  );
}

/** Who logs in, from AWS's table of default user names. */
export function userOf(blueprintId: string): string {
  if (/^(?:nginx|wordpress)/u.test(blueprintId)) return 'bitnami';
  if (blueprintId.startsWith('ubuntu')) return 'ubuntu';
  if (blueprintId.startsWith('debian')) return 'admin';
  return blueprintId.startsWith('windows') ? 'Administrator' : 'ec2-user';
}

/** What is open from the start. */
export function portsOf({ type, platform }: Blueprint): readonly PortInfo[] {
  const ports = platform === 'WINDOWS' ? [80, 3389] : [80, 22, ...(type === 'app' ? [443] : [])];
  return ports.map((port) => ({ fromPort: port, toPort: port, protocol: 'tcp' }));
}

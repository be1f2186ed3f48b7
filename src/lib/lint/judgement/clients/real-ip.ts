import type { Block, Item } from '../../model/model.ts';

/** Whose word NGINX takes for the address of the client, in a block. */
export interface RealIp {
  /** `set_real_ip_from` lines; without one nobody is believed. */
  readonly trusted: readonly Item[];
  /** Where the address stands: a header, or `proxy_protocol`; in lower case. */
  readonly source: string;
  /** The line that says so; undefined where it is the default. */
  readonly header: Item | undefined;
  readonly recursive: boolean;
}

/** What a block of http has, its own or inherited. */
export function realIpOf(block: Block): RealIp {
  const [header] = block.effective('real_ip_header');
  const [recursive] = block.effective('real_ip_recursive');
  return {
    trusted: block.effective('set_real_ip_from'),
    source: header?.directive.words[1]?.value.toLowerCase() ?? 'x-real-ip',
    header,
    recursive: recursive?.directive.words[1]?.value.toLowerCase() === 'on',
  };
}

/** The first line of a list that, alone or with others, believes everyone. */
export function believesEveryone(trusted: readonly Item[]): Item | undefined {
  const networks = trusted.map(({ directive }) => directive.words[1]?.value ?? '');
  const whole = trusted.find((_, index) => networks[index]!.endsWith('/0'));
  if (whole) return whole;
  for (const family of [/^\d[\d.]*\/1$/u, /:.*\/1$/u]) {
    const halves = networks.filter((network) => family.test(network));
    const upper = halves.filter((network) =>
      /^(?:1[3-9]|12[89]|2|[89a-f][\da-f]{3}:)/iu.test(network),
    ).length;
    if (upper > 0 && upper < halves.length) return trusted[networks.indexOf(halves[0]!)];
  }
  return undefined;
}

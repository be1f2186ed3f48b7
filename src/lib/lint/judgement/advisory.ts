import { advisoryOf, isVulnerable } from '../../nginx/advisories.ts';
import { scopeOf } from '../../nginx/directives/contexts.ts';
import type { Word } from '../../nginx/syntax/tree.ts';
import type { Item, Model } from '../model/model.ts';
import type { Rule } from '../engine/rule.ts';

/** A directive that makes an advisory matter. */
export interface Exposure {
  readonly item: Item;
  /** The word that does; the name of the directive where it is left out. */
  readonly word?: Word | undefined;
}

interface Condition {
  /** What has to be so for the advisory to matter, as the end of a sentence: `when …`. */
  readonly when: string;
  /** What helps until NGINX can be upgraded. */
  readonly meanwhile?: string;
  /** The directives by which that holds. */
  readonly exposures: (model: Model) => Iterable<Exposure>;
}

/**
 * The rule of a security advisory: it speaks where the target is vulnerable and the configuration does what the
 * advisory needs. NGINX Plus has releases and fixes of its own, so it says nothing there.
 */
export function advisory(cve: string, { when, meanwhile, exposures }: Condition): Rule {
  const { severity, name } = advisoryOf(cve);
  return {
    id: `cve/${cve}`,
    severity: severity === 'major' ? 'error' : 'warning',
    summary: `CVE-${cve}: ${name.replace(/^[A-Z](?=[a-z])/u, (first) => first.toLowerCase())}`,
    aliases: [],
    since: '0.1.0',
    check({ model, target, report }) {
      const { fixed } = advisoryOf(cve);
      if (target.plus || !isVulnerable(advisoryOf(cve), target.version)) return;
      for (const { item, word } of exposures(model))
        report(item, `CVE-${cve} is open in NGINX ${target.version}, ${when}`, {
          word,
          hint: `upgrade to ${fixed.replaceAll('+', ' or newer').replaceAll(', ', ', to ')}${meanwhile === undefined ? '' : `; until then, ${meanwhile}`}`,
        });
    },
  };
}

/** `listen` lines by which HTTP/3 is spoken. */
export function* quicListeners(model: Model): Iterable<Exposure> {
  for (const item of model.named('listen')) {
    const word = item.directive.words.find(({ value }, index) => index > 0 && value === 'quic');
    if (word) yield { item, word };
  }
}

/** An `ssl_ocsp` by which certificates of clients are checked. */
interface OcspCheck {
  readonly item: Item;
  readonly stream: boolean;
  /** What `ssl_verify_client` says there. */
  readonly asks: string;
}

/** Every `ssl_ocsp` that is on. */
export function* ocspChecks(model: Model): Iterable<OcspCheck> {
  for (const item of model.named('ssl_ocsp')) {
    if (!/^(?:on|leaf)$/u.test(valueOf(item))) continue;
    const stream = scopeOf(item.block.context) === 'stream';
    yield { item, stream, asks: valueOf(item.block.effective('ssl_verify_client')[0]) };
  }
}

/** `source_charset` of answers that are sent in another character set than they come in. */
export function* recodings(model: Model): Iterable<Exposure> {
  if (model.named('charset_map').length === 0) return;
  for (const item of model.named('source_charset')) {
    const charset = valueOf(item.block.effective('charset')[0]);
    if (charset !== '' && charset !== 'off' && charset !== valueOf(item)) yield { item };
  }
}

/** Directives of one of some names, as they stand. */
export function* directives(model: Model, ...names: readonly string[]): Iterable<Exposure> {
  for (const name of names) for (const item of model.named(name)) yield { item };
}

/** Directives of a name that are not set to `off`. */
export function* switchedOn(model: Model, name: string): Iterable<Exposure> {
  for (const item of model.named(name)) if (valueOf(item) !== 'off') yield { item };
}

/** The first argument of a directive, in lower case; an empty text where there is none. */
export function valueOf(item: Item | undefined): string {
  return item?.directive.words[1]?.value.toLowerCase() ?? '';
}

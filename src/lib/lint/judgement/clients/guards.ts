import { namesIn } from '../../model/values/names-in.ts';
import type { Block, Item, Model } from '../../model/model.ts';

/** What NGINX and the usual modules look at in the access phase, besides `allow` and `deny`. */
const CHECKS = [
  'auth_basic',
  'auth_request',
  'auth_jwt',
  'auth_oidc',
  'auth_digest',
  'auth_gss',
  'auth_ldap',
  'auth_pam',
  'access_by_lua_block',
  'access_by_lua_file',
  'access_by_lua',
  'js_access',
];

/** What says who a client is, or where it comes from, does not stand in these. */
const HARMLESS = new Set([
  'request_method',
  'host',
  'http_host',
  'scheme',
  'https',
  'http_user_agent',
  'uri',
  'request_uri',
]);

/** A check of the access phase that stands in a block itself, and can refuse somebody. */
export function ownGuard(block: Block): Item | undefined {
  const [deny] = block.own('deny');
  if (deny) return deny;
  for (const name of CHECKS) {
    const check = block.own(name).find(isOn);
    if (check) return check;
  }
  return undefined;
}

/** Finds what keeps strangers out of a block: a check of the access phase, a client certificate, or a refusing `if`. */
export function guardFinder(model: Model): (block: Block) => Item | undefined {
  const refusing = new Map<Block, Item>();
  const used = CHECKS.filter((name) => model.named(name).length > 0);
  for (const item of model.named('if')) if (refusesStrangers(item)) refusing.set(item.block, item);
  return (block) => {
    const guard = closingDeny(block);
    if (guard) return guard;
    for (const name of used) {
      const [check] = block.effective(name);
      if (check && isOn(check)) return check;
    }
    const [certificate] = block.effective('ssl_verify_client');
    if (certificate?.directive.words[1]?.value.toLowerCase() === 'on') return certificate;
    if (refusing.size === 0) return undefined;
    for (let one: Block | undefined = block; one; one = one.parent)
      if (refusing.has(one)) return refusing.get(one);
    return undefined;
  };
}

/** A `deny` that holds in a block and refuses everybody who is not allowed. */
export function closingDeny(block: Block): Item | undefined {
  const denies = block.effective('deny');
  const [first] = denies;
  // allow and deny are one list: a block with an allow alone has none of the outer denials
  if (!first || first.block.effective('allow')[0] !== block.effective('allow')[0]) return undefined;
  return denies.find(({ directive }) => /^(?:all|[0.]+\/0|::\/0)$/u.test(directive.words[1]?.value ?? ''));
}

export function isOn({ directive }: Item): boolean {
  return directive.words[1]?.value.toLowerCase() !== 'off';
}

function refusesStrangers({ directive, inner }: Item): boolean {
  if (!inner?.own('return').some(({ directive: { words } }) => /^4\d\d$/u.test(words[1]?.value ?? '')))
    return false;
  const names = namesIn(directive.words.map(({ value }) => value).join(' '));
  return names.some((name) => !HARMLESS.has(name));
}

/** Why a cipher is weak, and the word of the list that lets it in. */
interface WeakCipher {
  readonly weakness: string;
  readonly word: string;
}

/** One of each kind of cipher that is weak, by the names of OpenSSL. */
const SAMPLES = [
  'RC4-SHA RC4-MD5 ECDHE-RSA-RC4-SHA ECDHE-ECDSA-RC4-SHA',
  'DES-CBC3-SHA EDH-RSA-DES-CBC3-SHA ECDHE-RSA-DES-CBC3-SHA ECDHE-ECDSA-DES-CBC3-SHA',
  'DES-CBC-SHA EDH-RSA-DES-CBC-SHA EXP-RC4-MD5 EXP-DES-CBC-SHA EXP-EDH-RSA-DES-CBC-SHA',
  'NULL-SHA NULL-MD5 NULL-SHA256 ECDHE-RSA-NULL-SHA',
  'ADH-AES128-SHA ADH-RC4-MD5 ADH-DES-CBC3-SHA AECDH-AES128-SHA',
].flatMap((line) => line.split(' '));

/** Words that ask for weak ciphers. Others such as `RSA` may hold some, but have none in an OpenSSL of today. */
const ASKS =
  /^(?:RC4|3DES|DES|LOW|MEDIUM|EXP|EXPORT(?:40|56)?|e?NULL|COMPLEMENTOFALL|aNULL|ADH|AECDH|MD5|ALL)$/u;

/** Words of a list as OpenSSL parts them. */
export function wordsOf(list: string): string[] {
  return list.split(/[:, ;]/u).filter((word) => word !== '');
}

/** Works through a list as OpenSSL does: words add, `-` takes out, `!` takes out for good, `+` only moves. */
export function weakCiphers(list: string): WeakCipher[] {
  // NGINX reads no longer words
  if (list.length > 4096) return [];
  const allowed = new Map<string, string>();
  const shutOut: { readonly name: string; readonly parts: readonly string[] }[] = [];
  const isOut = (cipher: string): boolean =>
    shutOut.some(({ name, parts }) => cipher === name || matches(cipher, parts));
  for (const word of wordsOf(list)) {
    const [, sign = '', name = ''] = /^([!+-]?)(.*)$/u.exec(word)!;
    if (sign === '+' || name.startsWith('@')) continue;
    const parts = name.split('+');
    if (sign === '') {
      const asks = parts.some((part) => ASKS.test(part));
      const candidates = weaknessOf(name) === undefined ? SAMPLES : [name];
      for (const cipher of candidates)
        if ((cipher === name || (asks && matches(cipher, parts))) && !allowed.has(cipher) && !isOut(cipher))
          allowed.set(cipher, word);
      continue;
    }
    if (sign === '!') shutOut.push({ name, parts });
    for (const cipher of allowed.keys())
      if (cipher === name || matches(cipher, parts)) allowed.delete(cipher);
  }
  const found = new Map<string, string>();
  for (const [cipher, word] of allowed) {
    const weakness = weaknessOf(cipher)!;
    if (!found.has(weakness)) found.set(weakness, word);
  }
  return [...found].map(([weakness, word]) => ({ weakness, word }));
}

function matches(cipher: string, parts: readonly string[]): boolean {
  const tags = tagsOf(cipher);
  return parts.every((part) => tags.has(part));
}

/** The word that shuts out ciphers of a kind is also its name. */
function weaknessOf(cipher: string): string | undefined {
  if (!cipher.includes('-')) return undefined;
  if (cipher.startsWith('EXP')) return 'EXPORT';
  if (/(?:^|-)NULL(?:-|$)/u.test(cipher)) return 'eNULL';
  if (/^(?:ADH|AECDH)-/u.test(cipher)) return 'aNULL';
  if (/(?:^|-)RC4-/u.test(cipher)) return 'RC4';
  if (/(?:^|-)(?:DES-CBC3|3DES)-/u.test(cipher)) return '3DES';
  return /(?:^|-)DES-CBC-/u.test(cipher) ? 'DES' : undefined;
}

const tagged = new Map<string, ReadonlySet<string>>();

/** What a cipher is by other words. */
function tagsOf(cipher: string): ReadonlySet<string> {
  const kept = tagged.get(cipher);
  if (kept) return kept;
  const tags = new Set<string>();
  const add = (test: RegExp, words: string): boolean => {
    const found = test.test(cipher);
    if (found) for (const word of words.split(' ')) tags.add(word);
    return found;
  };
  add(/^EXP/u, 'EXP EXPORT EXPORT40');
  if (!add(/NULL/u, 'NULL eNULL COMPLEMENTOFALL')) tags.add('ALL');
  add(/RC4/u, 'RC4 MEDIUM');
  add(/DES-CBC3|3DES/u, '3DES');
  if (add(/(?:^|-)DES-CBC-/u, 'DES')) tags.add('LOW');
  add(/MD5$/u, 'MD5');
  add(/SHA$/u, 'SHA SHA1');
  add(/^ADH/u, 'aNULL ADH DH');
  add(/^AECDH/u, 'aNULL AECDH');
  const ephemeral =
    add(/^ECDHE/u, 'ECDHE kECDHE EECDH kEECDH') || add(/^(?:EXP-)?(?:EDH|DHE)/u, 'DHE kDHE EDH kEDH DH');
  if (!ephemeral && !tags.has('aNULL')) add(/^/u, 'RSA kRSA');
  if (!add(/ECDSA/u, 'aECDSA ECDSA') && !add(/DSS/u, 'aDSS DSS') && !tags.has('aNULL')) tags.add('aRSA');
  if (tagged.size < 1000) tagged.set(cipher, tags);
  return tags;
}

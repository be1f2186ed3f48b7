/**
 * Name of the shared memory of a limit. NGINX refuses a reload in which a zone of the same name has another key, and
 * names that count routes and paths move when one is added, so the name tells the key.
 */
export function limitZone(kind: 'rate' | 'connections', id: string, key: string): string {
  return key === '$binary_remote_addr' ? `${kind}_${id}` : `${kind}_${id}_${digest(key)}`;
}

/** FNV-1a: short and the same everywhere; nothing depends on it being hard to guess. */
function digest(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, '0');
}

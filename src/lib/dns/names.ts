/** A name as Route 53 keeps it: lower case, a dot at the end, and `*` as `\052`. */
export function canonical(name: string): string {
  const lower = name.trim().toLowerCase().replaceAll('*', '\\052');
  return lower.endsWith('.') ? lower : `${lower}.`;
}

/** Whether a name is that of the zone or below it; both canonical. */
export function isWithin(name: string, zone: string): boolean {
  return name === zone || name.endsWith(`.${zone}`);
}

/** A name and all above it up to the zone, the nearest first. */
export function upTo(name: string, zone: string): readonly string[] {
  if (name === zone || !isWithin(name, zone)) return [name];
  return [name, ...upTo(name.slice(name.indexOf('.') + 1), zone)];
}

/** What is wrong with a name; undefined for a good one. Wildcards and underscores are good, as in DNS itself. */
export function nameFault(name: string): string | undefined {
  const labels = canonical(name).slice(0, -1).split('.');
  if (labels.join('.').length > 253) return 'is longer than 253 characters';
  for (const label of labels) {
    if (label === '') return 'has an empty label between its dots';
    if (label.length > 63) return `has a label longer than 63 characters: ${label}`;
    if (!/^(?:\\052|[a-z0-9_-]|\\[0-3][0-7]{2})+$/u.test(label))
      return `has a label that no host name has: ${label}`;
  }
  return undefined;
}

/**
 * Name of the TXT record that says whose records of a name and type are. It is below the name, so that it may stand beside
 * a CNAME and is in the way of nobody's TXT; the type is in it, as a name may have records of several owners.
 */
export function ownershipName(name: string, type: string): string {
  // a star is a wildcard in front alone, and here it would be behind
  return `_lbctl-${type.toLowerCase()}.${name.replace(/^\\052\./u, '_any.')}`;
}

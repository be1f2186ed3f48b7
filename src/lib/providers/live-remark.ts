/** What is to be known where NGINX Plus serves another release than the one that it has loaded. */
export function liveRemark(serving: string | null, loaded: string | null): string {
  return `release ${serving} came over ${loaded} by the API of NGINX Plus: its next reload loads it, and changes nothing`;
}

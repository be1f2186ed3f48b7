/** Put in by the build. */
declare const BUILT_VERSION: string | undefined;

/** Version of this program; `latest` where it runs without having been built, as in tests. */
export const LBCTL_VERSION = typeof BUILT_VERSION === 'undefined' ? 'latest' : BUILT_VERSION;

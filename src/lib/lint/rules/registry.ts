import type { Rule } from '../engine/rule.ts';
import { cve202123017 } from './cve/2021-23017.ts';
import { cve202241741 } from './cve/2022-41741.ts';
import { cve202241742 } from './cve/2022-41742.ts';
import { cve202424989 } from './cve/2024-24989.ts';
import { cve202424990 } from './cve/2024-24990.ts';
import { cve202431079 } from './cve/2024-31079.ts';
import { cve202432760 } from './cve/2024-32760.ts';
import { cve202434161 } from './cve/2024-34161.ts';
import { cve202435200 } from './cve/2024-35200.ts';
import { cve20247347 } from './cve/2024-7347.ts';
import { cve202523419 } from './cve/2025-23419.ts';
import { cve202553859 } from './cve/2025-53859.ts';
import { cve20261642 } from './cve/2026-1642.ts';
import { cve202627651 } from './cve/2026-27651.ts';
import { cve202627654 } from './cve/2026-27654.ts';
import { cve202627784 } from './cve/2026-27784.ts';
import { cve202628753 } from './cve/2026-28753.ts';
import { cve202628755 } from './cve/2026-28755.ts';
import { cve202632647 } from './cve/2026-32647.ts';
import { cve202640460 } from './cve/2026-40460.ts';
import { cve202640701 } from './cve/2026-40701.ts';
import { cve202642055 } from './cve/2026-42055.ts';
import { cve202642530 } from './cve/2026-42530.ts';
import { cve202642533 } from './cve/2026-42533.ts';
import { cve202642926 } from './cve/2026-42926.ts';
import { cve202642934 } from './cve/2026-42934.ts';
import { cve202642945 } from './cve/2026-42945.ts';
import { cve202642946 } from './cve/2026-42946.ts';
import { cve202648142 } from './cve/2026-48142.ts';
import { cve202656434 } from './cve/2026-56434.ts';
import { cve202660005 } from './cve/2026-60005.ts';
import { cve20269256 } from './cve/2026-9256.ts';
import { bufferingOff } from './performance/buffering-off.ts';
import { cacheWithoutBuffering } from './performance/cache-without-buffering.ts';
import { cacheWithoutValid } from './performance/cache-without-valid.ts';
import { http3Unannounced } from './performance/http3-unannounced.ts';
import { keepaliveRequests } from './performance/keepalive-requests.ts';
import { absoluteRedirectPort } from './reliability/absolute-redirect-port.ts';
import { aliasWithoutSlash } from './reliability/alias-without-slash.ts';
import { authRequestBody } from './reliability/auth-request-body.ts';
import { balancerAddressKey } from './reliability/balancer-address-key.ts';
import { cacheKeyArguments } from './reliability/cache-key-arguments.ts';
import { catchAllNotDefault } from './reliability/catch-all-not-default.ts';
import { chosenHashKey } from './reliability/chosen-hash-key.ts';
import { clientKeepaliveTimeout } from './reliability/client-keepalive-timeout.ts';
import { constantHashKey } from './reliability/constant-hash-key.ts';
import { constantUpgrade } from './reliability/constant-upgrade.ts';
import { decodedPath } from './reliability/decoded-path.ts';
import { defaultConnectTimeout } from './reliability/default-connect-timeout.ts';
import { defaultServer } from './reliability/default-server.ts';
import { dryRun } from './reliability/dry-run.ts';
import { duplicateServer } from './reliability/duplicate-server.ts';
import { errorAsSuccess } from './reliability/error-as-success.ts';
import { errorLogOff } from './reliability/error-log-off.ts';
import { errorPageRefused } from './reliability/error-page-refused.ts';
import { grpcWithoutHttp2 } from './reliability/grpc-without-http2.ts';
import { hashNotConsistent } from './reliability/hash-not-consistent.ts';
import { headerName } from './reliability/header-name.ts';
import { healthCheckPath } from './reliability/health-check-path.ts';
import { ifMisuse } from './reliability/if-misuse.ts';
import { ignoredMaxFails } from './reliability/ignored-max-fails.ts';
import { ipv6LeftOut } from './reliability/ipv6-left-out.ts';
import { longTimeouts } from './reliability/long-timeouts.ts';
import { lostArguments } from './reliability/lost-arguments.ts';
import { lostHeaders } from './reliability/lost-headers.ts';
import { lostScheme } from './reliability/lost-scheme.ts';
import { mapWithoutDefault } from './reliability/map-without-default.ts';
import { maxConnsPerWorker } from './reliability/max-conns-per-worker.ts';
import { maxFailsOff } from './reliability/max-fails-off.ts';
import { misnamedUpstream } from './reliability/misnamed-upstream.ts';
import { missingCapture } from './reliability/missing-capture.ts';
import { missingTypes } from './reliability/missing-types.ts';
import { mixedProtocols } from './reliability/mixed-protocols.ts';
import { mixedProxyProtocol } from './reliability/mixed-proxy-protocol.ts';
import { multilineHeader } from './reliability/multiline-header.ts';
import { noErrorLog } from './reliability/no-error-log.ts';
import { noLiveServer } from './reliability/no-live-server.ts';
import { nonIdempotentRetry } from './reliability/non-idempotent-retry.ts';
import { openFiles } from './reliability/open-files.ts';
import { prereadOff } from './reliability/preread-off.ts';
import { proxyLoop } from './reliability/proxy-loop.ts';
import { proxyPassUri } from './reliability/proxy-pass-uri.ts';
import { proxyProtocolAddresses } from './reliability/proxy-protocol-addresses.ts';
import { proxyProtocolExpected } from './reliability/proxy-protocol-expected.ts';
import { redefinedMethod } from './reliability/redefined-method.ts';
import { redirectLoop } from './reliability/redirect-loop.ts';
import { requestBufferingOff } from './reliability/request-buffering-off.ts';
import { resolverMissing } from './reliability/resolver-missing.ts';
import { retryOn500 } from './reliability/retry-on-500.ts';
import { rewriteLoop } from './reliability/rewrite-loop.ts';
import { schemeAndPort } from './reliability/scheme-and-port.ts';
import { schemeRedirectLoop } from './reliability/scheme-redirect-loop.ts';
import { scriptFilename } from './reliability/script-filename.ts';
import { serverNameConflict } from './reliability/server-name-conflict.ts';
import { slowFailover } from './reliability/slow-failover.ts';
import { staleAwsAddress } from './reliability/stale-aws-address.ts';
import { staleDns } from './reliability/stale-dns.ts';
import { statePerWorker } from './reliability/state-per-worker.ts';
import { streamTimeout } from './reliability/stream-timeout.ts';
import { subFilterCompressed } from './reliability/sub-filter-compressed.ts';
import { tryFilesWithProxy } from './reliability/try-files-with-proxy.ts';
import { unboundedCache } from './reliability/unbounded-cache.ts';
import { unboundedRetries } from './reliability/unbounded-retries.ts';
import { undefinedTarget } from './reliability/undefined-target.ts';
import { unlimitedBody } from './reliability/unlimited-body.ts';
import { unmatchedServerName } from './reliability/unmatched-server-name.ts';
import { unreachableLocation } from './reliability/unreachable-location.ts';
import { unusedTryFiles } from './reliability/unused-try-files.ts';
import { upstreamKeepalive } from './reliability/upstream-keepalive.ts';
import { upstreamKeepaliveTimeout } from './reliability/upstream-keepalive-timeout.ts';
import { websocketUpgrade } from './reliability/websocket-upgrade.ts';
import { workerConnections } from './reliability/worker-connections.ts';
import { aliasTraversal } from './security/alias-traversal.ts';
import { allowWithoutDeny } from './security/allow-without-deny.ts';
import { anyOrigin } from './security/any-origin.ts';
import { autoindex } from './security/autoindex.ts';
import { basicAuthPlain } from './security/basic-auth-plain.ts';
import { cacheKey } from './security/cache-key.ts';
import { cachedCookies } from './security/cached-cookies.ts';
import { carriageReturn } from './security/carriage-return.ts';
import { contentTypeHeader } from './security/content-type-header.ts';
import { deadAccessRule } from './security/dead-access-rule.ts';
import { exposedRoot } from './security/exposed-root.ts';
import { externalResolver } from './security/external-resolver.ts';
import { forwardedForKey } from './security/forwarded-for-key.ts';
import { forwardedForTrust } from './security/forwarded-for-trust.ts';
import { guardLedAround } from './security/guard-led-around.ts';
import { hiddenFiles } from './security/hidden-files.ts';
import { hostSpoofing } from './security/host-spoofing.ts';
import { limitExceptOpen } from './security/limit-except-open.ts';
import { loggedSecrets } from './security/logged-secrets.ts';
import { mergeSlashesOff } from './security/merge-slashes-off.ts';
import { openRedirect } from './security/open-redirect.ts';
import { phpUnknownScript } from './security/php-unknown-script.ts';
import { proxyProtocolFromAnyone } from './security/proxy-protocol-from-anyone.ts';
import { regexBacktracking } from './security/regex-backtracking.ts';
import { responseSplitting } from './security/response-splitting.ts';
import { returnBeforeAccess } from './security/return-before-access.ts';
import { scriptSource } from './security/script-source.ts';
import { serverSideRequestForgery } from './security/server-side-request-forgery.ts';
import { statusPageOpen } from './security/status-page-open.ts';
import { trustsEveryone } from './security/trusts-everyone.ts';
import { unanchoredRegex } from './security/unanchored-regex.ts';
import { unsafeDav } from './security/unsafe-dav.ts';
import { validReferersNone } from './security/valid-referers-none.ts';
import { versionDisclosure } from './security/version-disclosure.ts';
import { weakOriginRegex } from './security/weak-origin-regex.ts';
import { debugLog } from './style/debug-log.ts';
import { duplicateType } from './style/duplicate-type.ts';
import { ifFileExists } from './style/if-file-exists.ts';
import { rootInsideLocation } from './style/root-inside-location.ts';
import { unusedUpstream } from './style/unused-upstream.ts';
import { unusedVariable } from './style/unused-variable.ts';
import { unusedZone } from './style/unused-zone.ts';
import { clientCertificateUnchecked } from './tls/client-certificate-unchecked.ts';
import { defaultServerDecides } from './tls/default-server-decides.ts';
import { earlyData } from './tls/early-data.ts';
import { hsts } from './tls/hsts.ts';
import { hstsNotAlways } from './tls/hsts-not-always.ts';
import { hstsOverHttp } from './tls/hsts-over-http.ts';
import { hstsTooShort } from './tls/hsts-too-short.ts';
import { http2WithoutTls } from './tls/http2-without-tls.ts';
import { listenWithoutSsl } from './tls/listen-without-ssl.ts';
import { misdirectedRequest } from './tls/misdirected-request.ts';
import { mixedListen } from './tls/mixed-listen.ts';
import { noForwardSecrecy } from './tls/no-forward-secrecy.ts';
import { noSessionResumption } from './tls/no-session-resumption.ts';
import { oldDefaultProtocols } from './tls/old-default-protocols.ts';
import { staplingLetsencrypt } from './tls/stapling-letsencrypt.ts';
import { staplingVerify } from './tls/stapling-verify.ts';
import { staplingWithoutResolver } from './tls/stapling-without-resolver.ts';
import { tls13Ciphers } from './tls/tls13-ciphers.ts';
import { upstreamPort } from './tls/upstream-port.ts';
import { upstreamServerName } from './tls/upstream-server-name.ts';
import { upstreamVerify } from './tls/upstream-verify.ts';
import { weakCiphersAllowed } from './tls/weak-ciphers.ts';
import { weakProtocols } from './tls/weak-protocols.ts';
import { deprecatedDirective } from './upgrade/deprecated-directive.ts';
import { http2Limits } from './upgrade/http2-limits.ts';
import { http2Push } from './upgrade/http2-push.ts';
import { keepaliveDefault } from './upgrade/keepalive-default.ts';
import { listenHttp2 } from './upgrade/listen-http2.ts';
import { sslOn } from './upgrade/ssl-on.ts';
import { virtualServerProtocols } from './upgrade/virtual-server-protocols.ts';

/** Every rule but those of NGINX itself (`syntax/*`), in the order of their names. */
export const rules: readonly Rule[] = [
  cve202123017,
  cve202241741,
  cve202241742,
  cve202424989,
  cve202424990,
  cve202431079,
  cve202432760,
  cve202434161,
  cve202435200,
  cve20247347,
  cve202523419,
  cve202553859,
  cve20261642,
  cve202627651,
  cve202627654,
  cve202627784,
  cve202628753,
  cve202628755,
  cve202632647,
  cve202640460,
  cve202640701,
  cve202642055,
  cve202642530,
  cve202642533,
  cve202642926,
  cve202642934,
  cve202642945,
  cve202642946,
  cve202648142,
  cve202656434,
  cve202660005,
  cve20269256,
  bufferingOff,
  cacheWithoutBuffering,
  cacheWithoutValid,
  http3Unannounced,
  keepaliveRequests,
  absoluteRedirectPort,
  aliasWithoutSlash,
  authRequestBody,
  balancerAddressKey,
  cacheKeyArguments,
  catchAllNotDefault,
  chosenHashKey,
  clientKeepaliveTimeout,
  constantHashKey,
  constantUpgrade,
  decodedPath,
  defaultConnectTimeout,
  defaultServer,
  dryRun,
  duplicateServer,
  errorAsSuccess,
  errorLogOff,
  errorPageRefused,
  grpcWithoutHttp2,
  hashNotConsistent,
  headerName,
  healthCheckPath,
  ifMisuse,
  ignoredMaxFails,
  ipv6LeftOut,
  longTimeouts,
  lostArguments,
  lostHeaders,
  lostScheme,
  mapWithoutDefault,
  maxConnsPerWorker,
  maxFailsOff,
  misnamedUpstream,
  missingCapture,
  missingTypes,
  mixedProtocols,
  mixedProxyProtocol,
  multilineHeader,
  noErrorLog,
  noLiveServer,
  nonIdempotentRetry,
  openFiles,
  prereadOff,
  proxyLoop,
  proxyPassUri,
  proxyProtocolAddresses,
  proxyProtocolExpected,
  redefinedMethod,
  redirectLoop,
  requestBufferingOff,
  resolverMissing,
  retryOn500,
  rewriteLoop,
  schemeAndPort,
  schemeRedirectLoop,
  scriptFilename,
  serverNameConflict,
  slowFailover,
  staleAwsAddress,
  staleDns,
  statePerWorker,
  streamTimeout,
  subFilterCompressed,
  tryFilesWithProxy,
  unboundedCache,
  unboundedRetries,
  undefinedTarget,
  unlimitedBody,
  unmatchedServerName,
  unreachableLocation,
  unusedTryFiles,
  upstreamKeepalive,
  upstreamKeepaliveTimeout,
  websocketUpgrade,
  workerConnections,
  aliasTraversal,
  allowWithoutDeny,
  anyOrigin,
  autoindex,
  basicAuthPlain,
  cacheKey,
  cachedCookies,
  carriageReturn,
  contentTypeHeader,
  deadAccessRule,
  exposedRoot,
  externalResolver,
  forwardedForKey,
  forwardedForTrust,
  guardLedAround,
  hiddenFiles,
  hostSpoofing,
  limitExceptOpen,
  loggedSecrets,
  mergeSlashesOff,
  openRedirect,
  phpUnknownScript,
  proxyProtocolFromAnyone,
  regexBacktracking,
  responseSplitting,
  returnBeforeAccess,
  scriptSource,
  serverSideRequestForgery,
  statusPageOpen,
  trustsEveryone,
  unanchoredRegex,
  unsafeDav,
  validReferersNone,
  versionDisclosure,
  weakOriginRegex,
  debugLog,
  duplicateType,
  ifFileExists,
  rootInsideLocation,
  unusedUpstream,
  unusedVariable,
  unusedZone,
  clientCertificateUnchecked,
  defaultServerDecides,
  earlyData,
  hsts,
  hstsNotAlways,
  hstsOverHttp,
  hstsTooShort,
  http2WithoutTls,
  listenWithoutSsl,
  misdirectedRequest,
  mixedListen,
  noForwardSecrecy,
  noSessionResumption,
  oldDefaultProtocols,
  staplingLetsencrypt,
  staplingVerify,
  staplingWithoutResolver,
  tls13Ciphers,
  upstreamPort,
  upstreamServerName,
  upstreamVerify,
  weakCiphersAllowed,
  weakProtocols,
  deprecatedDirective,
  http2Limits,
  http2Push,
  keepaliveDefault,
  listenHttp2,
  sslOn,
  virtualServerProtocols,
];

import type { Rule } from '../rule.ts';
import { duplicateServer } from './reliability/duplicate-server.ts';
import { lostHeaders } from './reliability/lost-headers.ts';
import { upstreamKeepalive } from './reliability/upstream-keepalive.ts';
import { aliasTraversal } from './security/alias-traversal.ts';
import { allowWithoutDeny } from './security/allow-without-deny.ts';
import { hostSpoofing } from './security/host-spoofing.ts';
import { returnBeforeAccess } from './security/return-before-access.ts';
import { versionDisclosure } from './security/version-disclosure.ts';
import { weakProtocols } from './tls/weak-protocols.ts';

/** Every rule but those of NGINX itself (`syntax/*`), in the order of their names. */
export const rules: readonly Rule[] = [
  duplicateServer,
  lostHeaders,
  upstreamKeepalive,
  aliasTraversal,
  allowWithoutDeny,
  hostSpoofing,
  returnBeforeAccess,
  versionDisclosure,
  weakProtocols,
];

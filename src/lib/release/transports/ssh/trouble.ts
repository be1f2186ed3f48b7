import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { UserError } from '../../../errors.ts';

/** What ssh has told of a failure, and what it was asked for. */
export interface Failure {
  /** The node, for people. */
  readonly name: string;
  /** The same as ssh is given it. */
  readonly destination: string;
  /** What `ssh -v` has written. */
  readonly log: string;
  /** What the programs on the way have written: `ssh -v` to a jump host, or a ProxyCommand. */
  readonly proxyLog?: string | undefined;
  /** The file that alone was trusted, and its copy that ssh read. */
  readonly pinned?: { readonly file: string; readonly copy: string } | undefined;
}

/** One connection that failed: that to the node, or to a jump host before it. */
interface Attempt {
  /** What was to be reached, for people. */
  readonly place: string;
  /** What a person gives ssh to try it. */
  readonly destination: string;
  /** All that ssh wrote. */
  readonly log: string;
  /** Without what is there for debugging. */
  readonly messages: readonly string[];
  readonly pinned: Failure['pinned'];
}

type Details = ConstructorParameters<typeof UserError>[3];
type Rule = readonly [pattern: RegExp, explain: (match: RegExpExecArray, attempt: Attempt) => UserError];

/** The first that fits; the texts are those of OpenSSH since 7.6, which it does not translate. */
const RULES: readonly Rule[] = [
  [/REMOTE HOST IDENTIFICATION HAS CHANGED/u, hostKeyChanged],
  [/^(?:The )?(\S+) host key for (\S+) (?:is marked as|was) revoked/mu, hostKeyRevoked],
  [/^No (\S+) host key is known for (.+?) and you have requested strict checking/mu, hostKeyUnknown],
  [/^Host key verification failed/mu, (_, attempt) => hostKeyUnknown(undefined, attempt)],
  [/Too many authentication failures/u, tooManyKeys],
  [/^(?:(\S+)@\S+: )?Permission denied \(([^)]*)\)/mu, permissionDenied],
  [
    /Could not resolve hostname (\S+): (.*)/u,
    ([, host, reason], { place }) =>
      failed('host-not-found', `cannot find ${place}: ${host}: ${reason}`, {
        hint: 'no DNS record has this name, and no Host of ~/.ssh/config; look at its spelling',
      }),
  ],
  [
    /connect to (?:host|address) (\S+) port (\d+): Connection refused/u,
    ([, host, port], { place }) =>
      failed('connection-refused', `${place} refuses connections to port ${port}`, {
        hint: `sshd does not run on ${host}, or listens on another port: ssh://${host}:PORT names it`,
      }),
  ],
  [
    /timed out during banner exchange|Connection timed out during|banner exchange: .*timed out/u,
    (_, { place }) =>
      failed('connection-timeout', `${place} takes connections but does not answer as sshd does`, {
        hint: 'what listens there is not sshd, or the machine is overloaded: look at its console',
      }),
  ],
  [
    /connect to (?:host|address) (\S+) port (\d+): (?:Connection|Operation) timed out/u,
    ([, , port], { place }) =>
      failed('connection-timeout', `${place} does not answer on port ${port}`, {
        hint: `it is down, or a firewall or security group does not let port ${port} in from here`,
      }),
  ],
  [
    /connect to (?:host|address) (\S+) port \d+: (No route to host|Network is unreachable|Host is down|Permission denied)/u,
    ([, host, reason], { place }) =>
      failed('no-route', `no way leads to ${place}: ${host}: ${reason}`, {
        hint: 'is the VPN up, and the address right? private addresses need a jump host: ProxyJump in ~/.ssh/config',
      }),
  ],
  [
    /(?:channel \d+: )?open failed: ([^\n]*)\n(?:.*\n)*?.*stdio forwarding failed/u,
    ([, reason], { place }) =>
      failed('jump-host-failed', `${place} does not pass connections on: ${reason}`, {
        hint: /prohibited/u.test(reason ?? '')
          ? 'its sshd needs AllowTcpForwarding yes, or PermitOpen with the address'
          : 'look from the jump host whether the node is reached',
      }),
  ],
  [
    /Unable to negotiate with .*?: (no matching .*? found)\. Their offer: (.*)/u,
    ([, what, offer], { place }) =>
      failed('no-common-algorithm', `ssh and ${place} have nothing in common: ${what}`, {
        hint: `it offers ${offer}; upgrade the older side, or allow one of them in ~/.ssh/config`,
      }),
  ],
  [
    /banner line contains invalid characters|Bad remote protocol version|Protocol major versions differ|invalid SSH identification|line with invalid format|banner exchange: .*invalid format/iu,
    (_, { place }) =>
      failed('not-ssh', `what answers for ${place} is not sshd`, { hint: 'look at its address and port' }),
  ],
  [
    /Bad configuration option|Bad owner or permissions on|terminating, \d+ bad configuration|Can't open user config file|(?:command-line|\S+:?) line \d+:/u,
    (_, { messages }) =>
      new UserError('input', 'ssh-configuration', 'ssh does not accept its configuration', {
        evidence: messages,
        hint: 'mend it until ssh -G HOST prints no complaint',
      }),
  ],
  [
    /^(?:kex_exchange_identification|ssh_exchange_identification|banner exchange): .*|^Connection (?:closed|reset) by .*|^Received disconnect from .*/mu,
    (_, { place, messages }) =>
      failed('connection-closed', `${place} closed the connection before anybody had logged in`, {
        evidence: messages,
        hint: 'its sshd has too many newcomers (MaxStartups), or does not like this address (fail2ban, hosts.deny)',
      }),
  ],
];

/** Makes of what ssh has told why a connection could not be opened. */
export function connectionTrouble({ name, destination, log, proxyLog = '', pinned }: Failure): UserError {
  const messages = messagesOf(log);
  const jump = /Setting implicit ProxyCommand from ProxyJump: .* (\S+)$/mu.exec(log)?.[1];
  const onTheWay = messagesOf(proxyLog);
  if (jump !== undefined) {
    const place = `${jump}, the jump host on the way to ${name},`;
    const found = find({ place, destination: jump, log: proxyLog, messages: onTheWay, pinned: undefined });
    if (found) return found;
  }
  const found = find({ place: name, destination, log, messages, pinned });
  if (log.includes('Executing proxy command')) {
    const what = jump === undefined ? 'the ProxyCommand of the ssh configuration' : `the jump host ${jump}`;
    if (found?.code === 'connection-timeout') {
      return failed(found.code, `${name} does not answer through ${what}`, {
        evidence: reasonOfEnd(proxyLog),
        hint: 'look from there whether the node is reached',
      });
    }
    if (found?.code === 'connection-closed' && onTheWay.length === 0)
      return failed(found.code, `${name}, or ${what}, closed the connection before anybody had logged in`, {
        evidence: messages,
        hint: `ssh -v ${destination} shows what is run on the way: try whether that connects by itself; else ${found.hint}`,
      });
    if ((!found || found.code === 'connection-closed') && onTheWay.length > 0)
      return failed('jump-host-failed', `cannot reach ${name}: ${what} failed`, { evidence: onTheWay });
  }
  // a configuration is refused before there is a log
  const early = find({ place: name, destination, log: proxyLog, messages: onTheWay, pinned });
  if (found ?? early) return (found ?? early)!;
  const evidence = [...messages, ...onTheWay];
  return failed('ssh-failed', `ssh cannot log in to ${name}`, {
    evidence,
    hint: `try it: ssh ${destination}`,
  });
}

/** Why a connection that was open has ended, as far as ssh tells. */
export function reasonOfEnd(log: string): string[] {
  return messagesOf(log).filter((line) => !/^(?:Authenticated to|Transferred:|Bytes per second)/u.test(line));
}

function find(attempt: Attempt): UserError | undefined {
  const text = attempt.messages.join('\n');
  for (const [pattern, explain] of RULES) {
    const match = pattern.exec(text);
    if (match) return explain(match, attempt);
  }
  return undefined;
}

function messagesOf(log: string): string[] {
  return log
    .split(/\r?\n/u)
    .filter((line) => line.trim() !== '' && !/^(?:debug\d: |OpenSSH_\d)/u.test(line))
    .map((line) => line.replace(/^ssh: /u, ''));
}

function failed(code: string, message: string, details: Details): UserError {
  return new UserError('failed', code, message, details);
}

function denied(code: string, message: string, details: Details): UserError {
  return new UserError('denied', code, message, details);
}

// ── host keys ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** The key that the host has shown: kind and fingerprint. */
function offeredKey(log: string): string | undefined {
  const [, kind, print] = /^debug1: Server host key: (\S+) (\S+)/mu.exec(log) ?? [];
  return kind && `${kind} ${print}`;
}

function hostKeyUnknown(_: RegExpExecArray | undefined, attempt: Attempt): UserError {
  const { place, destination, log, pinned, messages } = attempt;
  const offered = offeredKey(log);
  return denied('host-key-unknown', `the host key of ${place} is not known${offered ? `: ${offered}` : ''}`, {
    evidence: offered ? [] : messages,
    hint: pinned
      ? `add it to ${pinned.file} if the machine itself says so: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub`
      : `run ssh ${destination} once, and say yes if the machine itself, at its console, tells this fingerprint: ` +
        'ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub (what ssh-keyscan brings is no proof)',
  });
}

function hostKeyChanged(_: RegExpExecArray, { place, log, pinned }: Attempt): UserError {
  const sent = /key sent by the remote host is\s+(\S+?)\.?$/mu.exec(log)?.[1];
  const [, kind, path = '', line] = /^Offending (\S+) key in (.+):(\d+)$/mu.exec(log) ?? [];
  const file = path === pinned?.copy ? pinned.file : path;
  const known = path && fingerprint(path, Number(line));
  const expected = known ? `, expected is ${kind} ${known}` : '';
  const where = path ? ` (${file}:${line})` : '';
  return denied(
    'host-key-changed',
    `${place} shows another host key than it had: offered is ${offeredKey(log) ?? sent}${expected}${where}`,
    {
      hint:
        'if the machine was made anew, compare the fingerprint at its console and replace the line; ' +
        'if not, somebody else may be answering in its place',
    },
  );
}

function hostKeyRevoked([, kind]: RegExpExecArray, { place, log }: Attempt): UserError {
  return denied('host-key-revoked', `${place} shows a host key that is revoked: ${offeredKey(log) ?? kind}`, {
    hint: 'do not log in there; give the machine a new host key',
  });
}

/** Of the key in a line of a known_hosts file, as ssh writes it. */
function fingerprint(file: string, line: number): string | undefined {
  try {
    const words = readFileSync(file, 'utf8').split('\n')[line - 1]?.trim().split(/\s+/u) ?? [];
    const key = words.find((word) => word.startsWith('AAAA'));
    const digest = key && createHash('sha256').update(Buffer.from(key, 'base64')).digest('base64');
    return digest && `SHA256:${digest.replace(/=+$/u, '')}`;
  } catch {
    return undefined;
  }
}

// ── who may log in ──────────────────────────────────────────────────────────────────────────────────────────────────

/** Each key that was offered: where it is from, kind, fingerprint. */
function offeredKeys(log: string): string[] {
  return [...log.matchAll(/^debug1: Offering public key: (.*)$/gmu)].map(([, key]) => `offered: ${key}`);
}

function permissionDenied([, name, methods = '']: RegExpExecArray, attempt: Attempt): UserError {
  const { place, log, messages } = attempt;
  const user = name ?? /^debug1: Authenticating to \S+ as '(.*)'$/mu.exec(log)?.[1] ?? 'the user';
  const offered = offeredKeys(log);
  const others = messages.filter((line) => !/Permission denied \(|^@/u.test(line));
  return denied('permission-denied', `${place} does not let ${user} in`, {
    evidence: [...offered, ...others],
    hint: hintForKeys(user, methods, offered.length, log),
  });
}

function hintForKeys(user: string, methods: string, offered: number, log: string): string {
  const taken = /^debug1: Server accepts key: (\S+)/gmu.exec(log)?.[1];
  if (/with partial success/u.test(log) || !/publickey/u.test(methods))
    return (
      `it wants more than a key (${methods}), and lbctl cannot be asked: ` +
      'let ssh keep a connection that you have opened by hand (ControlMaster and ControlPath in ~/.ssh/config)'
    );
  if (taken !== undefined)
    return `it would take ${taken}, which has a passphrase or is not usable: ssh-add ${taken}`;
  if (offered === 0)
    return 'there was no key to offer: ssh-add KEY, or name it by IdentityFile in ~/.ssh/config';
  return (
    `put one of these keys into authorized_keys of ${user} there, or name another user (USER@HOST; on AWS often ` +
    'ec2-user, ubuntu or admin) or another key (IdentityFile in ~/.ssh/config)'
  );
}

function tooManyKeys(_: RegExpExecArray, { place, log }: Attempt): UserError {
  return denied('too-many-keys', `${place} hung up after too many keys that it does not know`, {
    evidence: offeredKeys(log),
    hint: 'name the right one in ~/.ssh/config: IdentityFile KEY and IdentitiesOnly yes',
  });
}

import type { Block } from '../model.ts';
import {
  ALL_CHARACTERS,
  character,
  type Characters,
  charactersIn,
  CONTROL,
  DIGITS,
  holdsAll,
  NO_CHARACTERS,
  others,
  range,
} from '../../regex/characters.ts';

/** What a variable of NGINX itself can hold. */
export interface Source {
  /** Whether the client writes into it what it likes. */
  readonly client: boolean;
  /** Whether it always starts with a slash. */
  readonly isPath: boolean;
  readonly characters: Characters;
  /** How many characters it has at most; any number when left out. */
  readonly longest?: number;
  /** Whether it may be a text; that of its characters is asked by others. */
  readonly allows: (text: string) => boolean;
}

/** A value of a header: NGINX refuses line ends in one. */
const HEADER = others(charactersIn('\0\r\n'));
/** A request line is refused with control characters or spaces in its address. */
const ADDRESS = others(CONTROL | character(32));
/** NGINX refuses other names of hosts, and writes small letters. */
const HOST = others(CONTROL | charactersIn(' /:') | range(65, 90));

const any = (_text: string): boolean => true;

function fromClient(characters: Characters, allows = any): Source {
  return { client: true, isPath: false, characters, allows };
}

function pathFromClient(characters: Characters): Source {
  return { client: true, isPath: true, characters, allows: (text) => text.startsWith('/') };
}

/** What the operator, the server behind or NGINX itself says. */
const OTHER: Source = { client: false, isPath: false, characters: NO_CHARACTERS, allows: () => false };

/** What comes from modules that are not known is taken to be the operator's. */
export function sourceOf(name: string, block: Block): Source {
  switch (name) {
    case 'uri':
    case 'document_uri':
    case 'fastcgi_script_name':
    case 'fastcgi_path_info':
      // decoded: %0a has become a line end
      return pathFromClient(others(character(0)));
    case 'request_filename':
      // the path stands behind the folder of root or alias
      return fromClient(others(character(0)), () => false);
    case 'request_uri':
      return pathFromClient(ADDRESS);
    case 'args':
    case 'query_string':
      return fromClient(ADDRESS);
    case 'host':
      return fromClient(HOST);
    case 'http_host':
      return fromClient(HOST | range(65, 90) | character(58));
    case 'request_body':
      return fromClient(ALL_CHARACTERS);
    case 'remote_user':
      // who has been asked for a password is somebody that is known
      return isAsked(block) ? OTHER : fromClient(others(character(58)));
    case 'request_method':
      return fromClient(range(65, 90) | charactersIn('-_'));
    case 'request':
      return fromClient(others(CONTROL), () => false);
    case 'ssl_server_name':
    case 'ssl_preread_server_name':
      return fromClient(others(CONTROL | charactersIn(' /:')));
    case 'content_type':
    case 'proxy_add_x_forwarded_for':
    case 'ssl_preread_alpn_protocols':
    case 'proxy_protocol_tlv_alpn':
    case 'proxy_protocol_tlv_authority':
      return fromClient(HEADER);
    default:
  }
  if (name.startsWith('arg_')) return fromClient(ADDRESS & others(character(38)));
  if (name.startsWith('cookie_')) return fromClient(HEADER & others(character(59)));
  if (/^(?:http_.|ssl_client_[si]_dn)/u.test(name)) return fromClient(HEADER);
  return OTHER;
}

const GUARDS = ['auth_basic', 'auth_request', 'auth_jwt', 'auth_ldap', 'auth_pam', 'auth_digest', 'auth_gss'];

function isAsked(block: Block): boolean {
  return GUARDS.some((guard) => {
    const [setting] = block.effective(guard);
    return setting !== undefined && setting.directive.words[1]?.value !== 'off';
  });
}

/** Characters that are written as codes where NGINX escapes arguments: `%`, space and so on, and line ends. */
const ESCAPED = CONTROL | charactersIn(' "#%&+;<>?^`{|}\\') | range(128, 255);

/** What is left of a value that NGINX has escaped as it does in arguments. */
export function escaped(characters: Characters): Characters {
  return characters & ESCAPED ? (characters & ~ESCAPED) | DIGITS | charactersIn('%ABCDEF') : characters;
}

/** Whether a source may be a text. */
export function canBe({ client, characters, allows }: Source, text: string): boolean {
  return client && holdsAll(characters, text) && allows(text);
}

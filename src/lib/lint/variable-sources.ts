import type { Origin } from './variables.ts';

/** What a client wrote and NGINX decoded: `%0a` has become a line break. */
const DECODED = new Set([
  'document_uri',
  'fastcgi_path_info',
  'fastcgi_script_name',
  'realpath_root',
  'remote_user',
  'request_body',
  'request_filename',
  'uri',
]);

/** What a client wrote, as it stood in the request: without line breaks. */
const RAW =
  /^(?:arg_|cookie_|http_|ssl_client_s_dn|ssl_client_i_dn|proxy_protocol_tlv_).*$|^(?:args|content_length|content_type|host|http_.*|proxy_add_x_forwarded_for|query_string|request|request_line|request_method|request_uri|ssl_alpn_protocol|ssl_preread_alpn_protocols|ssl_preread_server_name|ssl_server_name|is_request_port)$/u;

/** The origin that a variable of NGINX itself is. */
export function builtInOrigin(name: string, through: readonly string[]): Origin[] {
  const decoded = DECODED.has(name);
  return [{ variable: name, client: decoded || RAW.test(name), lineBreaks: decoded, through }];
}

import { block, type Built, type BuiltStatement, comment, directive } from '../nginx/build.ts';
import type { Context } from './context.ts';

/** Lines are written together, which saves a system call a request; a line waits a second at most. */
const BUFFER = ['buffer=64k', 'flush=1s'];

const FIELDS: Readonly<Record<string, string>> = {
  time: '$time_iso8601',
  request_id: '$request_id',
  remote_addr: '$remote_addr',
  method: '$request_method',
  host: '$host',
  uri: '$request_uri',
  protocol: '$server_protocol',
  status: '$status',
  bytes: '$body_bytes_sent',
  request_time: '$request_time',
  upstream_addr: '$upstream_addr',
  upstream_status: '$upstream_status',
  upstream_time: '$upstream_response_time',
  user_agent: '$http_user_agent',
  referer: '$http_referer',
};

const PLACE: Readonly<Record<string, string>> = {
  country: '$geoip2_country',
  region: '$geoip2_region',
  city: '$geoip2_city',
};

const STREAM_FIELDS: Readonly<Record<string, string>> = {
  time: '$time_iso8601',
  remote_addr: '$remote_addr',
  protocol: '$protocol',
  status: '$status',
  bytes_received: '$bytes_received',
  bytes_sent: '$bytes_sent',
  session_time: '$session_time',
  upstream_addr: '$upstream_addr',
  upstream_connect_time: '$upstream_connect_time',
};

/** The access log of the http block: one JSON object a line. */
export function httpLogging(context: Context): BuiltStatement[] {
  const { access, geoip2 } = context.balancer.logging;
  if (!access) return [directive('access_log', 'off')];
  return [
    ...(geoip2 === undefined ? [] : [comment('Where clients are, for the access log.'), places(geoip2)]),
    format('json', geoip2 === undefined ? FIELDS : { ...FIELDS, ...PLACE }),
    directive('access_log', context.layout.accessLog, 'json', ...BUFFER),
  ];
}

/** The same for the stream block. */
export function streamLogging(context: Context): BuiltStatement[] {
  if (!context.balancer.logging.access) return [];
  return [
    format('json', STREAM_FIELDS),
    directive('access_log', context.layout.streamLog, 'json', ...BUFFER),
  ];
}

/** Every value stands in quotes: NGINX writes `000` or `-` where it has none, which is no JSON number. */
function format(name: string, fields: Readonly<Record<string, string>>): Built {
  const pairs = Object.entries(fields);
  const lines = pairs.map(([key, variable], index) => {
    const text = `${index === 0 ? '{' : ''}"${key}":"${variable}"${index === pairs.length - 1 ? '}' : ','}`;
    return { raw: `'${text}'` };
  });
  return directive('log_format', name, 'escape=json', ...lines);
}

function places(database: string): Built {
  return block(
    'geoip2',
    [database],
    [
      directive('$geoip2_country', 'country', 'iso_code'),
      directive('$geoip2_region', 'subdivisions', '0', 'iso_code'),
      directive('$geoip2_city', 'city', 'names', 'en'),
    ],
  );
}

/** Defaults that hold for all requests to upstreams; a route or a path overrides them one by one. */
export const PROXY_DEFAULTS = {
  timeout: { connect: '2s', send: '60s', read: '60s' },
  retries: { on: ['error', 'timeout'], tries: 3, timeout: '10s', non_idempotent: false },
  max_body_size: '1m',
} as const;

/** A WebSocket is silent for longer than an answer may take. */
export const WEBSOCKET_SILENCE = '1h';

/** Defaults of listeners whose connections are handed on. */
export const STREAM_DEFAULTS = { timeout: '300s', connect_timeout: '2s' } as const;

import { describe, expect, test } from 'vitest';
import { answer, type Faults } from './api.ts';
import { added, type Group } from './upstreams.ts';

function groups(): Group[] {
  const group = (module: 'http' | 'stream', name: string, zone: string | null, backups = true): Group => {
    const made: Group = { module, name, zone, backups, peers: [], next: 0 };
    for (const server of ['10.0.0.1:8088', '10.0.0.1:8089']) added(made, { server });
    return made;
  };
  return [group('http', 'backend', 'z'), group('stream', 'dns', 'd', false), group('http', 'static', null)];
}

const ask = (request: string, body = '', all = groups(), faults: Faults = {}) => {
  const [method = '', url = ''] = request.split(' ');
  const { status, body: text } = answer(all, { method, url, body }, faults, () => 7);
  return [status, JSON.parse(text) as unknown] as const;
};

/** What the documentation of the module says, which is all that is known here: see docs/commands/pool.md. */
describe('the stand-in for the API of NGINX Plus', () => {
  test('answers as the examples of its documentation', () => {
    expect(ask('GET /api')).toEqual([200, [1, 2, 3, 4, 5, 6, 7, 8, 9]]);
    const posted = {
      server: '10.0.0.2:80',
      weight: 4,
      max_fails: 0,
      slow_start: '10s',
      backup: true,
      down: true,
    };
    const made = {
      id: 2,
      max_conns: 0,
      fail_timeout: '10s',
      route: '',
      ...posted,
    };
    expect(ask('POST /api/9/http/upstreams/backend/servers/', JSON.stringify(posted))).toEqual([201, made]);
    expect(ask('PATCH /api/9/http/upstreams/backend/servers/1', '{"drain":true}')[1]).toMatchObject({
      id: 1,
      drain: true,
    });
    expect(ask('DELETE /api/9/http/upstreams/backend/servers/0')).toMatchObject([200, [{ id: 1 }]]);
    expect(ask('GET /api/9/stream/upstreams/dns')).toMatchObject([
      200,
      {
        peers: [{ id: 0, server: '10.0.0.1:8088', state: 'up', active: 7 }, { id: 1 }],
        zombies: 0,
        zone: 'd',
      },
    ]);
    expect(Object.keys(ask('GET /api/9/http/upstreams')[1] as object)).toEqual(['backend']);
  });

  const base = '/api/9/http/upstreams/backend/servers';
  test.each([
    ['GET /api/10/http/upstreams', '', 404, 'UnknownVersion'],
    ['GET /api/9/http/servers', '', 404, 'PathNotFound'],
    ['GET /api/9/http/upstreams/other/servers', '', 404, 'UpstreamNotFound'],
    ['GET /api/9/http/upstreams/static/servers', '', 400, 'UpstreamStatic'],
    [`GET ${base}/5`, '', 404, 'UpstreamServerNotFound'],
    [`PATCH ${base}/x`, '{}', 400, 'UpstreamBadServerId'],
    [`PUT ${base}/1`, '{}', 405, 'MethodNotSupported'],
    [`PATCH ${base}/1`, '{', 415, 'JsonError'],
    [`PATCH ${base}/1`, '[]', 415, 'JsonError'],
    [`PATCH ${base}/1`, '{"state":"down"}', 400, 'UpstreamConfFormatError'],
    [`PATCH ${base}/1`, '{"backup":true}', 400, 'UpstreamConfFormatError'],
    [`PATCH ${base}/1`, '{"down":"yes"}', 400, 'UpstreamConfFormatError'],
    [`PATCH ${base}/1`, '{"down":{}}', 400, 'UpstreamConfFormatError'],
    [`PATCH ${base}/1`, '{"weight":0}', 400, 'UpstreamBadWeight'],
    [`PATCH ${base}/1`, '{"fail_timeout":10}', 400, 'UpstreamBadFailTimeout'],
    ['PATCH /api/1/http/upstreams/backend/servers/1', '{"drain":true}', 400, 'UpstreamConfFormatError'],
    ['PATCH /api/9/stream/upstreams/dns/servers/1', '{"drain":true}', 400, 'UpstreamConfFormatError'],
    ['POST /api/9/stream/upstreams/dns/servers/', '{"server":"10.0.0.3"}', 400, 'UpstreamBadAddress'],
    [
      'POST /api/9/stream/upstreams/dns/servers/',
      '{"server":"10.0.0.3:1","backup":true}',
      400,
      'UpstreamNoBackup',
    ],
    [`POST ${base}/`, '{"weight":1}', 400, 'UpstreamConfFormatError'],
    [`POST ${base}/`, '{"server":"app.internal:80"}', 400, 'UpstreamConfNoResolver'],
    [`POST ${base}/`, '{"server":"10.0.0.3:99999"}', 400, 'UpstreamBadAddress'],
  ])('%s %s is refused, and changes nothing', (request, body, status, code) => {
    const all = groups();
    expect(ask(request, body, all)).toMatchObject([status, { error: { status, code } }]);
    expect(all).toEqual(groups());
  });

  test('takes no change where it may only be read', () => {
    const all = groups();
    for (const request of [`POST ${base}/`, `PATCH ${base}/0`, `DELETE ${base}/0`])
      expect(ask(request, '{}', all, { readOnly: true })).toMatchObject([
        405,
        { error: { code: 'MethodDisabled' } },
      ]);
    expect(all).toEqual(groups());
  });
});

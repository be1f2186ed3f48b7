import type { CommandGroup, OptionSpec } from '../command.ts';
import { acceptFewer, file, lockWait, message, rollout, watch, yes } from '../options.ts';

const upstream: OptionSpec = { flags: '<upstream>', summary: 'an upstream of lb.yaml' };
const server: OptionSpec = {
  flags: '<server>',
  summary: 'its address as in lb.yaml; the port may be left out where that says enough',
};
const within: OptionSpec = {
  flags: '--upstream <upstream>',
  summary: 'in this upstream alone (default: in all that have the server)',
};

/** Servers of upstreams. */
export const pool: CommandGroup = {
  name: 'pool',
  summary: 'list, add, remove and drain servers of upstreams',
  examples: [
    ['lbctl pool list', 'every server: as configured, as the nodes have it, and how it does'],
    ['lbctl pool drain 10.0.1.10:8080', 'take it out when its open connections have ended'],
    ['lbctl pool undrain 10.0.1.10:8080', 'put it back'],
    ['lbctl pool add web 10.0.1.12:8080', 'write it into lb.yaml and deploy that'],
  ],
  options: [],
  commands: [
    {
      name: 'list',
      summary: 'show every server: as configured, as the nodes have it, and how it does',
      examples: [
        ['lbctl pool list', 'all upstreams'],
        ['lbctl pool list web --json | jq .upstreams[].servers', 'one of them, for a script'],
      ],
      operands: { flags: '[upstream]', summary: 'an upstream; all of them when left out' },
      options: [file],
      load: () => import('./list.ts'),
    },
    {
      name: 'add',
      summary: 'write a server into lb.yaml and deploy that',
      examples: [
        ['lbctl pool add web 10.0.1.12:8080', 'show what changes, ask, then change it'],
        ['lbctl pool add web 10.0.1.12:8080 --weight 2 --yes', 'the same in a script, with its share'],
      ],
      operands: [upstream, { flags: '<server>', summary: 'address and port, such as 10.0.1.12:8080' }],
      options: [
        {
          flags: '--weight <n>',
          summary: 'share of the traffic, relative to the other servers (default: 1)',
        },
        { flags: '--max-conns <n>', summary: 'most connections at a time (default: no limit)' },
        { flags: '--backup', summary: 'gets traffic only when all others are unavailable' },
        file,
        message,
        watch,
        lockWait,
        ...rollout,
        acceptFewer,
        yes,
      ],
      load: () => import('./add.ts'),
    },
    {
      name: 'remove',
      summary: 'take a server out of lb.yaml and deploy that',
      examples: [
        ['lbctl pool remove web 10.0.1.12:8080', 'show what changes, ask, then change it'],
        ['lbctl pool remove web 10.0.1.12 --yes', 'the same in a script, named without its port'],
      ],
      operands: [upstream, server],
      options: [file, message, watch, lockWait, ...rollout, acceptFewer, yes],
      load: () => import('./remove.ts'),
    },
    {
      name: 'drain',
      summary: 'give a server no new connections, and wait until the open ones have ended',
      examples: [
        ['lbctl pool drain 10.0.1.10:8080', 'in every upstream that has it'],
        ['lbctl pool drain 10.0.1.10 --timeout 10m --yes', 'wait up to ten minutes, in a script'],
      ],
      operands: server,
      options: [
        within,
        { flags: '--timeout <time>', summary: 'wait so long for open connections (default: 5m)' },
        file,
        message,
        watch,
        lockWait,
        ...rollout,
        yes,
      ],
      load: () => import('./drain.ts'),
    },
    {
      name: 'undrain',
      summary: 'give a drained server connections again',
      examples: [
        ['lbctl pool undrain 10.0.1.10:8080', 'wherever it is drained'],
        ['lbctl pool undrain 10.0.1.10 --upstream web --yes', 'in one upstream, in a script'],
      ],
      operands: server,
      options: [within, file, message, watch, lockWait, ...rollout, yes],
      load: () => import('./undrain.ts'),
    },
  ],
};

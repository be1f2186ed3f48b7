import { answerFlags } from '../../lib/init/flags.ts';
import type { CommandSpec } from '../command.ts';
import { file, templates, yes } from '../options.ts';

// lb.yaml: written, understood, rendered

export const init: CommandSpec = {
  name: 'init',
  summary: 'write an lb.yaml from answers to a few questions',
  examples: [
    ['lbctl init', 'ask, show what comes of the answers, and write it'],
    ['lbctl init --yes --server 127.0.0.1:9001 --server 127.0.0.1:9002', 'the same in a script'],
    [
      'lbctl init --yes --server 10.0.0.11:8080 --host shop.example.com --path /api/=20r/s',
      'for one host name, with a rate limit on a path',
    ],
    [
      'lbctl init --yes --provider ec2 --region eu-west-1 --server app.internal:8080',
      'on EC2: nodes in a VPC of their own, behind a Network Load Balancer',
    ],
  ],
  options: [
    { ...file, summary: 'the file to write (default: lb.yaml, or LBCTL_FILE)' },
    ...answerFlags,
    { flags: '--replace', summary: 'replace a file that is there, without asking' },
    { ...yes, summary: 'ask nothing: answers that no flag gives are the defaults' },
  ],
  load: () => import('../init/run.ts'),
};

export const config: CommandSpec = {
  name: 'config',
  summary: 'print the balancer with every default filled in and marked',
  examples: [
    ['lbctl config', 'show what lb.yaml means, defaults included'],
    ['lbctl config --json | jq .balancer.upstreams', 'read one part of it in a script'],
  ],
  options: [file],
  load: () => import('../config.ts'),
};

export const generate: CommandSpec = {
  name: 'generate',
  summary: 'write the NGINX configuration that lb.yaml describes, or its template of CloudFormation',
  examples: [
    ['lbctl generate', 'print the whole tree'],
    ['lbctl generate --out build/nginx', 'write nginx.conf and its includes into a folder'],
    ['lbctl generate --target cloudformation', 'print the template of a balancer on ec2'],
  ],
  options: [
    file,
    ...templates,
    { flags: '-o, --out <dir>', summary: 'write the files into this folder instead of printing them' },
    { ...yes, summary: 'replace files there that lbctl did not write, without asking' },
  ],
  load: () => import('../generate.ts'),
};

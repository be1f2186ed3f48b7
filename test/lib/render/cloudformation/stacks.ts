import { readdirSync, readFileSync } from 'node:fs';
import { readBalancer } from '../../../../src/lib/balancer/read.ts';
import type { Balancer } from '../../../../src/lib/balancer/schema/balancer.ts';
import { stackTemplate } from '../../../../src/lib/providers/ec2/template.ts';
import { templateJson } from '../../../../src/lib/render/cloudformation/write.ts';

const folder = new URL('../../../../fixtures/cloudformation/', import.meta.url).pathname;

/** Names of lb.yaml files of balancers on EC2, each of which shows one thing. */
export const stacks = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => name.slice(0, -'.yaml'.length));

export function balancerOf(name: string): Balancer {
  return readBalancer(readFileSync(`${folder}${name}.yaml`, 'utf8'), `${name}.yaml`).balancer;
}

/** A resource as CloudFormation reads it. */
interface Body {
  readonly Type: string;
  readonly DependsOn?: readonly string[];
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly UpdatePolicy?: unknown;
  readonly DeletionPolicy?: string;
}

export interface Document {
  readonly Resources: Readonly<Record<string, Body>>;
  readonly Outputs: Readonly<Record<string, { readonly Value: unknown }>>;
}

/** The template of a balancer as CloudFormation reads it. */
export function documentOf(balancer: Balancer, region?: string): Document {
  return JSON.parse(templateJson(stackTemplate(balancer, region))) as Document;
}

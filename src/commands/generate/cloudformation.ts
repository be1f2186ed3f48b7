import { typeRemarks } from '../../lib/balancer/instance-types.ts';
import { reachRemarks } from '../../lib/balancer/reach.ts';
import { remarkLines } from '../../lib/balancer/remarks/remarks.ts';
import type { Balancer } from '../../lib/balancer/schema/balancer.ts';
import { UserError } from '../../lib/errors.ts';
import { stackTags, stackTemplate } from '../../lib/providers/ec2/template.ts';
import { INLINE_BYTES, isInline, templateJson, templateYaml } from '../../lib/render/cloudformation/write.ts';
import { loadBalancer } from '../../lib/source/load.ts';
import type { Invocation, Outcome } from '../command.ts';
import { writeOut } from './write-out.ts';

/** `--json`: `{schemaVersion, name, templates: [{region, bytes, inline, template}]}`, one for each Region. */
export async function generateTemplates(invocation: Invocation): Promise<Outcome> {
  const { terminal, options } = invocation;
  const { balancer, file } = await loadBalancer(invocation);
  if (balancer.provider !== 'ec2')
    throw new UserError('input', 'no-stack', `${file} has provider ${balancer.provider}, which is no stack`, {
      hint: 'write provider: ec2, or leave --target out for the configuration of NGINX',
    });
  const regions = regionsOf(balancer, options['region']);
  const templates = regions.map((region) => {
    const template = stackTemplate(balancer, region);
    return { region, yaml: templateYaml(template), json: templateJson(template) };
  });
  const { out } = options;
  if (typeof out === 'string') {
    const files = templates.map(({ region, yaml }) => ({
      path: templates.length > 1 ? `template-${region!}.yaml` : 'template.yaml',
      mode: 0o644,
      content: Buffer.from(yaml),
    }));
    await writeOut(invocation, out, files);
    if (!terminal.json) for (const { path } of files) terminal.note(`wrote ${path} to ${out}`);
  }
  if (terminal.json) {
    terminal.printJson({
      name: balancer.name,
      templates: templates.map(({ region, json }) => ({
        region: region ?? null,
        bytes: Buffer.byteLength(json),
        inline: isInline(json),
        template: JSON.parse(json) as unknown,
      })),
    });
    return 0;
  }
  if (typeof out !== 'string') terminal.print(templates.map(({ yaml }) => yaml.trimEnd()).join('\n---\n'));
  for (const line of remarks(balancer, templates)) terminal.note(line);
  return 0;
}

function regionsOf({ regions = [] }: Balancer, wanted: unknown): readonly (string | undefined)[] {
  if (typeof wanted !== 'string') return regions.length === 0 ? [undefined] : regions;
  if (regions.length === 0 || regions.includes(wanted)) return [wanted];
  throw new UserError('input', 'unknown-region', `the balancer does not run in ${wanted}`, {
    hint: `take one of ${regions.join(', ')}`,
  });
}

function remarks(
  balancer: Balancer,
  templates: readonly { readonly yaml: string; readonly json: string }[],
): string[] {
  const tags = Object.entries(stackTags(balancer)).map(([key, value]) => `'${key}=${value}'`);
  const large = templates.some(({ yaml }) => !isInline(yaml));
  return [
    ...typeRemarks(balancer),
    ...remarkLines(balancer),
    ...reachRemarks(balancer),
    `to use it without lbctl: aws cloudformation deploy --template-file template.yaml --stack-name lbctl-${balancer.name} --capabilities CAPABILITY_IAM --tags ${tags.join(' ')}${large ? ' --s3-bucket BUCKET' : ''}`,
    ...(large
      ? [
          templates.some(({ json }) => !isInline(json))
            ? `the template is larger than the ${INLINE_BYTES} bytes that a call can hold, so it has to come from S3`
            : `with its comments, the template is larger than the ${INLINE_BYTES} bytes that a call can hold; --json prints it without`,
        ]
      : []),
  ];
}

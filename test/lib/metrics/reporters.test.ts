import { describe, expect, test } from 'vitest';
import { csv } from '../../../src/lib/metrics/reporters/csv.ts';
import { html } from '../../../src/lib/metrics/reporters/html.ts';
import { prometheus } from '../../../src/lib/metrics/reporters/prometheus.ts';
import { reporterFor } from '../../../src/lib/metrics/reporters/registry.ts';
import { svg } from '../../../src/lib/metrics/reporters/svg.ts';
import { parseXml, type Xml } from '../../fake-aws/protocols/xml.ts';
import { instanceSheet } from '../../../src/lib/metrics/instances/sheet.ts';
import { HALF_DAY, instance } from './instances/readings.ts';
import { SHOP, sheet, WINDOW } from './readings.ts';

const some = sheet({ NewFlowCount: (minute) => (minute === 5 ? undefined : 100) });

describe('a report', () => {
  test('as CSV has a line a point, empty where nothing was measured', () => {
    const [head, ...lines] = csv([some]).trimEnd().split('\n');
    expect(head).toBe(
      'time,load_balancer,metric,statistic,unit,availability_zone,target_group,value,auto_scaling_group',
    );
    expect(lines[0]).toBe('2026-06-30T11:00:00.000Z,shop,NewFlowCount,Sum,Count,,,100,');
    expect(lines[5]).toBe('2026-06-30T11:05:00.000Z,shop,NewFlowCount,Sum,Count,,,,');
    expect(new Set(lines.map((line) => line.split(',').length))).toEqual(new Set([9]));
  });

  test('for Prometheus has each family once, and parts under names of their own', () => {
    const lines = prometheus([some, sheet({}, { ...SHOP, name: 'api' })], 60)
      .trimEnd()
      .split('\n');
    const families = lines.filter((line) => line.startsWith('# TYPE'));
    expect(new Set(families).size).toBe(families.length);
    expect(lines).toContain('nlb_new_flow_count_sum{load_balancer="shop",region="us-east-1"} 100');
    expect(lines).toContain(
      'nlb_zone_new_flow_count_sum{load_balancer="shop",region="us-east-1",zone="us-east-1b"} 100',
    );
    expect(lines).toContain(
      'nlb_group_unhealthy_host_count_maximum{load_balancer="api",region="us-east-1",target_group="web"} 0',
    );
    expect(lines).toContain('nlb_consumed_lcus_average{load_balancer="shop",region="us-east-1"} 0.21');
    const sample = /^[a-z_]+\{[a-z_]+="[^"]*"(?:,[a-z_]+="[^"]*")*\} [\d.e+-]+$/u;
    expect(lines.filter((line) => !line.startsWith('#') && !sample.test(line))).toEqual([]);
  });

  test('has the nodes of a balancer', () => {
    const nodes = [{ name: 'shop-nodes', desired: 2, inService: 2 }];
    const cpu = { CPUUtilization: (minute: number) => (minute % 5 === 0 ? 12 : undefined) };
    const one = sheet(cpu, { ...SHOP, nodes });
    expect(csv([one])).toContain(
      '2026-06-30T11:05:00.000Z,shop,CPUUtilization,Average,Percent,,,12,shop-nodes\n',
    );
    expect(prometheus([one], 60).split('\n')).toEqual(
      expect.arrayContaining([
        '# HELP nlb_nodes_cpu_utilization_average CPUUtilization of AWS/EC2, Average of 300 s (Percent)',
        'nlb_nodes_cpu_utilization_average{load_balancer="shop",region="us-east-1",auto_scaling_group="shop-nodes"} 12',
      ]),
    );
    expect(svg([one], WINDOW)).toContain('CPU of shop-nodes <tspan class="note">% in 300 s</tspan>');
    expect(html([one], WINDOW)).toContain('shop-nodes: 2 nodes, CPU mean 12 %, most 12 %');
  });

  test('as SVG is XML with a line for each series, unit and legend', () => {
    const root = parseXml(svg([some], WINDOW))!;
    const all = flat(root);
    const texts = all
      .filter(({ name }) => name === 'text')
      .map(({ text, children }) => text + children.map((child) => child.text).join(''));
    expect(root.name).toBe('svg');
    expect(texts).toEqual(
      expect.arrayContaining([
        'shop',
        'New flows count in 60 s',
        'us-east-1b',
        'by targets',
        '11:30',
        '5.0 MiB',
      ]),
    );
    // cut in two by the minute that was not measured
    expect(all.filter(({ name }) => name === 'polyline').length).toBeGreaterThan(15);
  });

  test('as HTML is one page without anything from elsewhere', () => {
    const page = html([sheet({ TCP_Target_Reset_Count: () => 9 }, { ...SHOP, name: 'a<b' })], WINDOW);
    expect(page).toContain('<h1>a&lt;b</h1>');
    expect(page).toContain('<li class="warning"><b>warning</b> resets: 540 by targets');
    expect(page).not.toMatch(/https?:|src=|href=/u);
  });

  test('of instances has names of its own', () => {
    const two = ['shop-1', 'shop-2'].map((name) => instanceSheet(instance({}, { name }), HALF_DAY));
    const [head, line] = csv(two).split('\n');
    expect(head).toBe('time,instance,metric,statistic,unit,region,value');
    expect(line).toBe('2026-06-30T00:00:00.000Z,shop-1,CPUUtilization,Average,Percent,eu-west-1,4');
    const lines = prometheus(two, 300).split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        '# HELP lightsail_cpu_utilization_average CPUUtilization of Lightsail, Average of 300 s (Percent)',
        'lightsail_cpu_utilization_average{lightsail_instance="shop-2",region="eu-west-1"} 4',
        'lightsail_status_check_failed_maximum{lightsail_instance="shop-1",region="eu-west-1"} 0',
      ]),
    );
    expect(html(two, HALF_DAY)).toContain('aria-label="Burst capacity left"');
    expect(svg(two, HALF_DAY)).toContain('CPU <tspan class="note">% in 300 s</tspan>');
  });

  test('comes in one form', () => {
    expect(reporterFor({})).toBeUndefined();
    expect(reporterFor({ csv: true })).toBeTypeOf('function');
    expect(() => reporterFor({ csv: true, json: true })).toThrow(
      expect.objectContaining({ kind: 'usage', message: '--json and --csv exclude each other' }),
    );
  });
});

function flat(element: Xml): Xml[] {
  return [element, ...element.children.flatMap(flat)];
}

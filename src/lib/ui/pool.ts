import type { FoundServer } from '../balancer/found.ts';
import type { Pooled } from '../pool/list.ts';
import type { ServerState } from '../providers/provider.ts';
import type { Style } from './style.ts';
import { stacked } from './table.ts';
import { visible } from './visible.ts';

interface ListedUpstream {
  readonly name: string;
  /** Whether its servers are found rather than written. */
  readonly discovers: boolean;
  readonly servers: readonly (Pooled &
    Pick<ServerState, 'state' | 'detail' | 'milliseconds'> & {
      readonly found: Pick<FoundServer, 'name' | 'source'> | null;
    })[];
}

type ListedServer = ListedUpstream['servers'][number];

const HEADS = ['address', 'configured', 'effective', 'state', 'connections', 'failures'];

/**
 * Servers of upstreams as a table, with the latest failure of each below it. Where the terminal is too narrow for it, how a
 * server does stands below it, and then all that is known of it.
 */
export function renderPool(upstreams: readonly ListedUpstream[], style: Style, columns = Infinity): string {
  if (upstreams.length === 0) return 'no upstreams';
  const all = upstreams.flatMap(({ servers, discovers }) => servers.map((server) => ({ server, discovers })));
  const widthsOf = (brief: boolean): number[] =>
    HEADS.map((head, column) =>
      Math.max(
        head.length,
        ...all.map(({ server, discovers }) => cellsOf(server, discovers, brief)[column]!.length),
      ),
    );
  const fits = (widths: readonly number[]): boolean =>
    widths.reduce((sum, width) => sum + width + 2, 0) <= columns;
  const isBrief = !fits(widthsOf(false));
  const widths = widthsOf(isBrief);
  const isTable = fits(widths);
  const line = (cells: readonly string[]): string[] =>
    cells.map((cell, column) => (column === cells.length - 1 ? cell : `${cell.padEnd(widths[column]!)}  `));
  const blocks = upstreams.map(({ name, servers, discovers }) =>
    [
      `upstream ${style.bold(name)}`,
      ...servers.flatMap((server) => {
        const { lastFailure, state } = server;
        const plain = cellsOf(server, discovers, isBrief && isTable);
        const cells = isTable ? line(plain) : plain;
        cells[2] = painted(server.effective, cells[2]!, style);
        cells[3] = painted(state, cells[3]!, style);
        return [
          ...(isTable ? [cells.join('')] : stacked(cells, HEADS)).map((text) => `  ${text}`),
          ...(isBrief && isTable && state !== 'up' ? [`      ${style.dim(visible(server.detail))}`] : []),
          ...differences(server).map((text) => `      ${style.yellow(text)}`),
          ...(lastFailure === null ? [] : [`      ${style.dim(visible(lastFailure))}`]),
        ];
      }),
    ].join('\n'),
  );
  return [...(isTable ? [`  ${style.dim(line(HEADS).join(''))}`] : []), ...blocks].join('\n');
}

/** Which nodes do what with a server on which they do not agree, and which do not know its address. */
function differences({ effective, connections, nodes }: ListedServer): string[] {
  const named = (is: (node: ListedServer['nodes'][number]) => boolean): string =>
    nodes
      .filter(is)
      .map(({ node }) => node)
      .join(', ');
  const words = effective === 'mixed' ? [...new Set(nodes.map((node) => node.effective))] : [];
  const unknown = named((node) => node.connections === null);
  return [
    ...words.map((word) => `${word} on ${named((node) => node.effective === word)}`),
    ...(connections === null && nodes.length > 1 ? [`without an address on ${unknown}`] : []),
  ];
}

/** @param brief without what is said of its state. */
function cellsOf(server: ListedServer, discovers: boolean, brief: boolean): string[] {
  const { address, effective, state, detail, milliseconds, connections, failures } = server;
  const time = milliseconds === null ? '' : `, ${milliseconds} ms`;
  return [
    address,
    configuredIn(server, discovers),
    effective,
    brief ? state : `${state}: ${detail}${time}`,
    connections === null ? '?' : String(connections),
    String(failures),
  ];
}

function configuredIn({ configured, found }: ListedServer, discovers: boolean): string {
  if (found) return `${found.name}, ${found.source}`;
  if (configured === null) return missing(discovers);
  const words = Object.entries(configured).flatMap(([key, value]) => {
    if (value === undefined || value === false) return [];
    return value === true ? [key] : [`${key} ${value}`];
  });
  return words.join(', ');
}

/** Of a server that nodes have all the same. */
export function missing(discovers: boolean): string {
  return discovers ? 'not found now' : 'not in lb.yaml';
}

function painted(word: string, text: string, style: Style): string {
  if (word === 'down') return style.red(text);
  if (word === 'up' || word === 'serving') return style.green(text);
  return word === 'not probed' ? style.dim(text) : style.yellow(text);
}

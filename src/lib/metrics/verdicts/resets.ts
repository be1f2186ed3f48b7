import { count, type Judge, share, type Verdict } from './verdict.ts';

/** From which share of new flows on resets are more than what a network has anyway. */
const NOTABLE = { TCP_Target_Reset_Count: 0.01, TCP_ELB_Reset_Count: 0.01, TCP_Client_Reset_Count: 0.05 };

type Kind = keyof typeof NOTABLE;

const KINDS: Readonly<
  Record<Kind, Pick<Verdict, 'party' | 'hint'> & { readonly who: string; readonly why: string }>
> = {
  TCP_Target_Reset_Count: {
    who: 'targets',
    party: 'target',
    why: 'the servers drop connections that clients still use',
    hint: 'look at their error log, at worker_connections, and whether their idle time is below that of who connects',
  },
  TCP_ELB_Reset_Count: {
    who: 'the balancer',
    party: 'balancer',
    why: 'connections were idle for longer than it keeps them (350 s unless set), or their target went away',
    hint: 'keep idle times of clients and servers below tcp.idle_timeout.seconds, or have them send TCP keep-alives',
  },
  TCP_Client_Reset_Count: {
    who: 'clients',
    party: 'client',
    why: 'they give up waiting, or end connections the hard way, as many do',
    hint: 'see whether answers take long: $request_time in the access log',
  },
};

/** Who resets connections, and whether that is much. */
export const resets: Judge = ({ total }) => {
  const flows = total('NewFlowCount');
  const all = (Object.keys(KINDS) as Kind[]).map((kind) => ({ kind, number: total(kind) }));
  const notable = all.filter(({ kind, number }) => number > 0 && number >= flows * NOTABLE[kind]);
  if (notable.length === 0) {
    const told = all.map(({ kind, number }) => `${KINDS[kind].who} ${count(number)}`).join(', ');
    return [{ subject: 'resets', level: 'ok', party: null, message: `few: ${told}`, hint: null }];
  }
  return notable
    .toSorted((a, b) => b.number - a.number)
    .map(({ kind, number }) => {
      const { who, why, party, hint } = KINDS[kind];
      const part = flows === 0 ? 'without a new flow' : `${share(number, flows)} of new flows`;
      return {
        subject: 'resets',
        level: party === 'client' ? 'info' : 'warning',
        party,
        message: `${count(number)} by ${who} (${part}): ${why}`,
        hint,
      };
    });
};

import type {
  CloseInstancePublicPortsRequest,
  GetInstancePortStatesRequest,
  OpenInstancePublicPortsRequest,
  PutInstancePublicPortsRequest,
} from '@aws-sdk/client-lightsail';
import type { Context } from '../../service.ts';
import { mustBe } from '../instance.ts';
import { changes, type Operations, perform, reads } from '../operation.ts';
import { asPort, samePorts } from '../port.ts';
import { invalid } from '../refusal.ts';
import { find } from '../resources.ts';
import type { Settings } from '../settings.ts';
import type { Instance, Port, State } from '../state.ts';

/** The firewall of an instance. That it cannot be changed while the instance is pending is unverified. */
export const ports = (settings: Settings): Operations => {
  function set(
    state: State,
    context: Context,
    type: 'PutInstancePublicPorts' | 'OpenInstancePublicPorts' | 'CloseInstancePublicPorts',
    instanceName: string,
    change: (instance: Instance) => Port[],
  ): unknown {
    const instance = find(state, 'Instance', instanceName, context);
    mustBe(instance, 'running', 'stopped', 'stopping');
    const next = change(instance);
    const deed = { type, name: instanceName, of: 'Instance', zone: instance.zone } as const;
    const [operation] = perform(state, context, settings, [deed], () => void (instance.ports = next));
    return { operation };
  }
  return {
    /** What it does not list is closed, port 22 as well. */
    PutInstancePublicPorts: changes<PutInstancePublicPortsRequest>(
      (state, { instanceName, portInfos }, context) =>
        set(state, context, 'PutInstancePublicPorts', instanceName, () => {
          const wanted = portInfos.map(asPort);
          const twice = wanted.find((port, index) =>
            wanted.slice(0, index).some((other) => samePorts(port, other)),
          );
          if (twice !== undefined) throw invalid(`Port ${twice.fromPort} ${twice.protocol} is there twice`);
          return wanted;
        }),
    ),
    OpenInstancePublicPorts: changes<OpenInstancePublicPortsRequest>(
      (state, { instanceName, portInfo }, context) =>
        set(state, context, 'OpenInstancePublicPorts', instanceName, ({ ports }) => {
          const port = asPort(portInfo);
          return [...ports.filter((other) => !samePorts(port, other)), port];
        }),
    ),
    /** Whoever could come to these ports: the addresses that it names are not looked at (unverified). */
    CloseInstancePublicPorts: changes<CloseInstancePublicPortsRequest>(
      (state, { instanceName, portInfo }, context) =>
        set(state, context, 'CloseInstancePublicPorts', instanceName, ({ ports }) => {
          const port = asPort(portInfo);
          return ports.filter((other) => !samePorts(port, other));
        }),
    ),
    GetInstancePortStates: reads<GetInstancePortStatesRequest>((state, { instanceName }, context) => ({
      portStates: find(state, 'Instance', instanceName, context).ports.map((port) => ({
        ...port,
        state: 'open',
      })),
    })),
  };
};

import {
  CloudWatchClient,
  type CompositeAlarm as FoundComposite,
  DeleteAlarmsCommand,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  type MetricAlarm as FoundMetric,
  PutCompositeAlarmCommand,
  type PutCompositeAlarmCommandInput,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { clientOptions } from './client.ts';
import { attempt } from './failure.ts';
import { allPages } from './pages.ts';

/** Alarms of a Region. */
export interface AlarmService {
  /** Those whose names begin so: one call for a hundred. */
  list(prefix: string): Promise<{ readonly metric: FoundMetric[]; readonly composite: FoundComposite[] }>;
  putMetric(input: PutMetricAlarmCommandInput): Promise<void>;
  putComposite(input: PutCompositeAlarmCommandInput): Promise<void>;
  remove(name: string): Promise<void>;
  /** Has an alarm go off, as its next evaluation then takes back. */
  setOff(name: string, reason: string): Promise<void>;
  /** What an alarm has done since a time: CloudWatch's own sentences, the oldest first. */
  actionsSince(name: string, since: Date): Promise<string[]>;
  close(): void;
}

const PAGE = 100;

/** @param region that of the environment or the profile when left out. */
export function alarmService(region?: string): AlarmService {
  const client = new CloudWatchClient(clientOptions(region));
  const call = (doing: string, operation: string) => ({ doing, action: `cloudwatch:${operation}`, region });
  return {
    async list(AlarmNamePrefix) {
      const pages = await allPages((NextToken) =>
        attempt(call('list alarms', 'DescribeAlarms'), async () => {
          const page = await client.send(
            new DescribeAlarmsCommand({
              AlarmNamePrefix,
              AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
              MaxRecords: PAGE,
              NextToken,
            }),
          );
          return { items: [page], next: page.NextToken };
        }),
      );
      return {
        metric: pages.flatMap(({ MetricAlarms = [] }) => MetricAlarms),
        composite: pages.flatMap(({ CompositeAlarms = [] }) => CompositeAlarms),
      };
    },
    async putMetric(input) {
      await attempt(call(`put the alarm ${input.AlarmName}`, 'PutMetricAlarm'), () =>
        client.send(new PutMetricAlarmCommand(input)),
      );
    },
    async putComposite(input) {
      await attempt(call(`put the alarm ${input.AlarmName}`, 'PutCompositeAlarm'), () =>
        client.send(new PutCompositeAlarmCommand(input)),
      );
    },
    async remove(name) {
      await attempt(call(`remove the alarm ${name}`, 'DeleteAlarms'), () =>
        client.send(new DeleteAlarmsCommand({ AlarmNames: [name] })),
      );
    },
    async setOff(AlarmName, StateReason) {
      await attempt(call(`set off the alarm ${AlarmName}`, 'SetAlarmState'), () =>
        client.send(new SetAlarmStateCommand({ AlarmName, StateReason, StateValue: 'ALARM' })),
      );
    },
    async actionsSince(AlarmName, StartDate) {
      const { AlarmHistoryItems = [] } = await attempt(
        call(`read what ${AlarmName} has done`, 'DescribeAlarmHistory'),
        () =>
          client.send(
            new DescribeAlarmHistoryCommand({
              AlarmName,
              AlarmTypes: ['CompositeAlarm'],
              HistoryItemType: 'Action',
              StartDate,
              ScanBy: 'TimestampAscending',
            }),
          ),
      );
      return AlarmHistoryItems.map(({ HistorySummary = '' }) => HistorySummary);
    },
    close: () => client.destroy(),
  };
}

/** Answers as a person types them, by the id of their question: lists have spaces or commas between, nothing is ''. */
export type Given = Readonly<Record<string, string>>;

/** What is known of where the wizard runs, and of what is there already. All of it may be missing. */
export interface Facts {
  /** Name of the folder that lb.yaml is written to. */
  readonly folder: string;
  /** Whether the folder is in a git repository. */
  readonly inGit: boolean;
  /** Region of the environment or the AWS profile. */
  readonly region?: string | undefined;
  /** Names of the instances of Lightsail that run in that Region. */
  readonly instances: readonly string[];
  /** Names of the Auto Scaling groups of that Region, but for those of balancers. */
  readonly groups: readonly string[];
  /** Hosted zones of Route 53. */
  readonly zones: readonly { readonly id: string; readonly name: string }[];
  /** Names of the Network Load Balancers of the Region. */
  readonly balancers: readonly string[];
  /** VPCs of the Region. */
  readonly vpcs: readonly Vpc[];
  /** Certificates of ACM that can be used, in all Regions that are meant. */
  readonly certificates: readonly Certificate[];
  /** ARNs of SNS topics, in all Regions that are meant. */
  readonly topics: readonly string[];
}

/** A network of AWS. */
export interface Vpc {
  readonly id: string;
  /** Its tag Name; '' where it has none. */
  readonly name: string;
  /** Its addresses, such as 10.1.0.0/16. */
  readonly ranges: readonly string[];
  readonly subnets: readonly Subnet[];
}

interface Subnet {
  readonly id: string;
  /** Such as eu-west-1a. */
  readonly zone: string;
  /** Where its way to the internet leads: straight there, by something of the VPC such as a NAT gateway, or there is none. */
  readonly way: 'public' | 'private' | 'none';
}

interface Certificate {
  readonly arn: string;
  /** Hosts that it is for, the first one being its own name. */
  readonly names: readonly string[];
  /** Day on which it ends, such as 2027-03-01. */
  readonly ends: string | undefined;
}

/** An answer that can be chosen. */
export interface Choice {
  readonly value: string;
  /** What it means, in a few words. */
  readonly label: string;
  /** Shown in place of the value, where that says less to people, as an ARN does. */
  readonly shown?: string;
}

/** One thing to be asked, as data. */
export interface Question {
  /** Also the long name of the flag that answers it (flags.ts). */
  readonly id: string;
  /** The prompt, short enough for a narrow terminal. */
  readonly ask: string;
  /** What whoever has never done this should know, shown above the prompt. */
  readonly about?: string;
  /** Whether it matters, by the answers so far. */
  asked(given: Given, facts: Facts): boolean;
  /** When it matters, where it does not always: completes `--email says something with …`. */
  readonly belongs?: string;
  /** All answers that there are; any text where left out. */
  choices?(given: Given): readonly Choice[];
  /** Answers that are likely, such as what is found on AWS; another can be given all the same. */
  suggestions?(facts: Facts, given: Given): readonly Choice[];
  /** The answer where none is given; without it one must be. */
  byDefault?(given: Given, facts: Facts): string | undefined;
  /** The answers, to this question and to those that would follow, which one text gives; itself alone where left out. */
  parts?(text: string): Given;
  /** What is wrong with an answer, as a sentence; undefined where nothing is. */
  complaint(text: string, given: Given): string | undefined;
}

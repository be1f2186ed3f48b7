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
  /** Hosted zones of Route 53. */
  readonly zones: readonly { readonly id: string; readonly name: string }[];
  /** Names of the Network Load Balancers of the Region. */
  readonly balancers: readonly string[];
}

/** An answer that can be chosen. */
export interface Choice {
  readonly value: string;
  /** What it means, in a few words. */
  readonly label: string;
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

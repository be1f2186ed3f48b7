import { isInOrder } from '../requests/answers.ts';
import { type Assignments, assignmentsOf, escapesGroups, reaching } from './assignments.ts';
import { joined, LONGEST_WAY, someOf, under } from './forms.ts';
import { captured, type Limit, limitsAt } from './limits.ts';
import { type Match, matchesBefore } from './matches.ts';
import type { Block, Item, Model } from '../model.ts';
import { scopedName } from '../scoped-name.ts';
import { groupName, groupsNear, type NamedGroups, namedGroupsOf } from './named-groups.ts';
import { type Form, limited, type Origin, originOf, partOf, withEscapes } from './origins.ts';
import { ALL_CHARACTERS } from '../../regex/characters.ts';
import { answersTo } from '../network/server-names.ts';
import { Sockets } from '../network/sockets.ts';
import { namesIn, partsOf } from './names-in.ts';
import { type Rows, rowsOf } from './tables.ts';
import { sourceOf } from './variable-sources.ts';

/** Where a text stands that is looked through. */
interface Scope {
  readonly at: Item;
  /** Regular expressions that `$1` may be of. */
  readonly matches: readonly Match[];
  readonly limits: readonly { readonly name: string; readonly limit: Limit }[];
}

// what is looked at is bounded, as in forms.ts
const MOST_STEPS = 400;
const MOST_SOURCES = 8;

/** Variables of which more is known at some places than what conditions say. */
const DEPENDS = new Set(['host', 'remote_user']);

const NO_FORMS: Form[] = [];

/** Where the variables of a configuration come from. */
export class Variables {
  private readonly assignments: Assignments;
  private readonly rows: Rows;
  private readonly groups: NamedGroups;
  private readonly known = new WeakMap<Block, Map<string, Form[]>>();
  private readonly everywhere = new Map<string, boolean>();
  private readonly sources = new WeakMap<Form[], readonly string[]>();
  private readonly named = new WeakMap<Form[], Form[]>();
  private steps = 0;
  private depth = 0;
  /** Whether something was left out as there was too much. */
  private cut = false;

  constructor(private readonly model: Model) {
    this.assignments = assignmentsOf(model);
    this.groups = namedGroupsOf(model);
    this.rows = rowsOf(model, this.groups);
  }

  /** Whether the configuration itself makes a variable. */
  isMade(name: string, at: Item): boolean {
    const key = scopedName(name, at.block);
    return this.assignments.has(key) || this.rows.has(key) || this.groups.has(key);
  }

  /**
   * Where a text gets its values from at a place of the configuration: one origin for each variable of NGINX that ends
   * up in it, and for each way on which it does.
   */
  origins(text: string, at: Item): Origin[] {
    if (!text.includes('$')) return [];
    this.start();
    const found = new Set<Origin>();
    const scope = scopeAt(at);
    for (const part of partsOf(text))
      if (typeof part !== 'string')
        for (const form of this.formsOfName(part.name, scope))
          for (const piece of form) if (typeof piece !== 'string') found.add(piece);
    return [...found];
  }

  /** The forms that a text can have at a place of the configuration; of many only some. */
  forms(text: string, at: Item): Form[] {
    this.start();
    return this.formsOf(text, scopeAt(at));
  }

  private start(): void {
    this.steps = 0;
    this.depth = 0;
    this.cut = false;
  }

  private formsOf(text: string, scope: Scope): Form[] {
    return joined(
      partsOf(text).map((part) => (typeof part === 'string' ? [[part]] : this.formsOfName(part.name, scope))),
    );
  }

  private formsOfName(name: string, scope: Scope): Form[] {
    if (this.steps++ > MOST_STEPS) this.cut = true;
    if (this.cut) return [];
    if (/^[1-9]$/u.test(name))
      return under(
        `$${name}`,
        scope.matches.flatMap((match) => this.formsOfGroup(match, Number(name), scope)),
      );
    const limits = [
      ...limitsAt(name, scope.at),
      ...scope.limits.flatMap((one) => (one.name === name ? one.limit : [])),
    ];
    if (!this.isMade(name, scope.at)) return [[this.builtIn(name, scope.at, limits)]];
    const forms = this.under(
      `$${name}`,
      this.formsEverywhere(name, scope) ?? this.formsMadeOnce(name, scope),
    );
    return limits.length === 0 ? forms : forms.map((form) => limited(form, limits));
  }

  /** Forms of a variable of tables that are the same at all places, which are made once; undefined for others. */
  private formsEverywhere(name: string, { at, limits }: Scope): Form[] | undefined {
    const key = scopedName(name, at.block);
    const [row] = this.rows.get(key) ?? [];
    if (!row || limits.length > 0 || !this.isEverywhere(key, row.at)) return undefined;
    const forms = this.formsMadeOnce(name, scopeAt(row.at));
    let sources = this.sources.get(forms);
    if (!sources) {
      const all = forms.flatMap((form) =>
        form.flatMap((one) => (typeof one === 'string' ? [] : one.variable)),
      );
      this.sources.set(forms, (sources = [...new Set(all)]));
    }
    const depends = sources.some((one) => DEPENDS.has(one) || limitsAt(one, at).length > 0);
    return depends || sources.length > MOST_SOURCES ? undefined : forms;
  }

  /** Whether a variable is made of tables alone, whose values do not depend on the place. */
  private isEverywhere(key: string, at: Item): boolean {
    const known = this.everywhere.get(key);
    if (known !== undefined) return known;
    if (this.depth > LONGEST_WAY) return false;
    this.depth++;
    // until it is known, and where tables lead to each other
    this.everywhere.set(key, false);
    const rows = this.rows.get(key) ?? [];
    const is =
      !this.assignments.has(key) &&
      !this.groups.has(key) &&
      rows.every(({ text, match }) =>
        [...namesIn(text), ...(match ? namesIn(match.subject) : [])].every((name) =>
          /^[1-9]$/u.test(name)
            ? match !== undefined && !/^\$[1-9]/u.test(match.subject)
            : this.isFromTables(name, at),
        ),
      );
    this.depth--;
    this.everywhere.set(key, is);
    return is;
  }

  private isFromTables(name: string, at: Item): boolean {
    const key = scopedName(name, at.block);
    if (this.assignments.has(key)) return false;
    const groups = this.groups.get(key);
    if (groups)
      return (
        groups.roots.size === 0 &&
        !this.rows.has(key) &&
        this.depth < LONGEST_WAY &&
        groups.tables.every(({ subject }) => namesIn(subject).every((one) => !this.isMade(one, at)))
      );
    return !this.rows.has(key) || this.isEverywhere(key, at);
  }

  /** Forms of what a variable of the configuration is made of, kept as long as those are. */
  private under(way: string, forms: Form[]): Form[] {
    let all = this.named.get(forms);
    if (!all) this.named.set(forms, (all = under(way, forms)));
    return all;
  }

  /** Forms of a variable at a place, kept, as many variables may be made of the same ones. */
  private formsMadeOnce(name: string, scope: Scope): Form[] {
    const { block, index } = scope.at;
    let known = this.known.get(block);
    if (!known) this.known.set(block, (known = new Map()));
    const place = `${isInOrder(scope.at) ? index : ''} ${name}`;
    const before = known.get(place);
    // what a table says of other variables holds for this use alone
    if (before && (scope.limits.length === 0 || before === NO_FORMS)) return before;
    if (this.depth > LONGEST_WAY) {
      this.cut = true;
      return [];
    }
    // a variable that is made of itself adds nothing
    known.set(place, NO_FORMS);
    this.depth++;
    const forms = this.formsMade(name, scope);
    this.depth--;
    if (before) known.set(place, before);
    else if (this.cut || scope.limits.length > 0) known.delete(place);
    else known.set(place, forms);
    return forms;
  }

  private formsMade(name: string, scope: Scope): Form[] {
    const key = scopedName(name, scope.at.block);
    const forms: Form[] = [];
    const assignments = this.assignments.get(key);
    for (const one of assignments ? reaching(assignments, scope.at) : []) {
      const own = this.formsOf(one.text, scopeAt(one.at));
      // NGINX escapes what $1 stands for, until a rewrite before has matched
      forms.push(...(escapesGroups(one) ? own.map((form) => form.map(withEscapes)) : own));
    }
    for (const { text, match, limit } of this.rows.get(key) ?? [])
      forms.push(
        ...this.formsOf(text, {
          at: scope.at,
          matches: match ? [match] : scope.matches,
          limits: limit ? [...scope.limits, limit] : scope.limits,
        }),
      );
    const groups = this.groups.get(key);
    for (const match of groups ? groupsNear(groups, scope.at) : [])
      forms.push(...this.formsOfGroup(match, groupName(match, name), scope));
    return someOf(forms);
  }

  private formsOfGroup(match: Match, group: string | number, scope: Scope): Form[] {
    const limit = captured(match, group);
    if (!limit) return [];
    // the subject of a table is looked at where its variable is used
    const at = match.at.directive.name === 'map' ? scope.at : match.at;
    return this.formsOf(match.subject, { ...scopeAt(at), limits: scope.limits }).flatMap((form) =>
      form.flatMap((piece) => (typeof piece === 'string' ? [] : [[partOf(piece, limit, form.length === 1)]])),
    );
  }

  private builtIn(name: string, at: Item, limits: readonly Limit[]): Origin {
    const source = sourceOf(name, at.block);
    const all = name === 'host' ? [...limits, this.limitOfHost(at)] : limits;
    return originOf(name, [], {
      client: source.client,
      isPath: source.isPath,
      characters: all.reduce((set, { characters }) => set & characters, source.characters),
      allows: (text) => source.allows(text) && all.every(({ allows }) => allows(text)),
    });
  }

  /** Requests come to a server that is nobody's first one for the names that it has, and no others. */
  private limitOfHost({ block }: Item): Limit {
    return {
      characters: ALL_CHARACTERS,
      allows: (text) => {
        if (!this.model.whole) return true;
        const server = block.root;
        return Sockets.of(this.model).defaults.has(server) || answersTo(server, text);
      },
    };
  }
}

function scopeAt(at: Item): Scope {
  return { at, matches: matchesBefore(at), limits: [] };
}

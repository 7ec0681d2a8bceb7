import { actions, isPending, type Action, type Change } from "./change.ts";
import { HeldCreate } from "./held-create.ts";
import type { List, Spool, Written } from "./list.ts";
import { Numbers } from "./numbers.ts";

/** Which changes somebody wants, by what is known of them without reading them. */
type Wanted = (action: Action, isWarned: boolean) => boolean;

/** Set in the number of a change's action when there are warnings on it. */
const warned = 1 << 8;

/**
 * Changes on their way into a plan. Of each its action stays at hand, so that whoever wants but a few does not read a
 * million lines in line.
 */
export class ChangeSpool<C extends Change = Change> implements Spool<C> {
  readonly #changes: Spool<C>;
  readonly #kinds = new Numbers();

  constructor(changes: Spool<C>) {
    this.#changes = changes;
  }

  get length(): number {
    return this.#changes.length;
  }

  push(change: C): void {
    this.#changes.push(change);
    this.#kinds.push(actions.indexOf(change.action) | (isWarned(change) ? warned : 0));
  }

  at(index: number): C {
    return this.#changes.at(index);
  }

  done(): List<C> {
    const all = this.#changes.done();
    return Array.isArray(all) ? all : this;
  }

  /** Bytes of the longest line; undefined where not all of them are kept as lines of the plan file. */
  get longest(): number | undefined {
    return this.#changes.longest;
  }

  /** The changes in order, each as its line of the plan file where it is kept so. */
  spelled(): Iterable<C | string> {
    return this.#changes.spelled?.() ?? this.#changes;
  }

  written(): Written<C> | undefined {
    return this.#changes.written?.();
  }

  /** See `few`. */
  *few(wants: Wanted, most: number): Generator<C | Action, void, undefined> {
    const read = new Map<Action, number>();
    for (let index = 0; index < this.length; index++) {
      const kind = this.#kinds.at(index);
      const action = actionOf(kind);
      if (!wants(action, (kind & warned) > 0)) continue;
      const before = read.get(action) ?? 0;
      read.set(action, before + 1);
      // Starts are of two kinds, and never many.
      yield before < most || action === "start" ? this.#changes.at(index) : action;
    }
  }

  /** The changes that are wanted, in order. */
  *only(wants: Wanted): Generator<C, void, undefined> {
    const wanted = new Map<number, boolean>();
    for (let index = 0; index < this.length; index++) {
      const kind = this.#kinds.at(index);
      const isWanted = wanted.get(kind) ?? wants(actionOf(kind), (kind & warned) > 0);
      wanted.set(kind, isWanted);
      if (isWanted) yield this.#changes.at(index);
    }
  }

  /** See `heldPending`. */
  *pending(): Generator<Change, void, undefined> {
    for (let index = 0; index < this.length; index++) {
      const action = actionOf(this.#kinds.at(index));
      if (action === "no-op" || action === "blocked") continue;
      yield action === "create" ? (new HeldCreate(this.#changes, index) as Change) : this.#changes.at(index);
    }
  }

  /** Adds to each action how many changes there are of it. */
  count(counts: Record<Action, number>): void {
    for (let index = 0; index < this.length; index++) counts[actionOf(this.#kinds.at(index))]++;
  }

  [Symbol.iterator](): Iterator<C> {
    return this.#changes[Symbol.iterator]();
  }

  [Symbol.dispose](): void {
    this.#changes[Symbol.dispose]();
  }
}

/**
 * The changes that are wanted, in order, and once there were `most` of an action its name alone for each more of it,
 * which is not even read where a spool holds it.
 */
export function few(changes: List<Change>, wants: Wanted, most: number): IteratorObject<Change | Action> {
  if (changes instanceof ChangeSpool) return (changes as ChangeSpool).few(wants, most);
  return only(changes, wants);
}

/** The pending changes, to be held all at once: where a spool has them, a creation is read when somebody asks for it. */
export function heldPending(changes: List<Change>): Change[] {
  if (!(changes instanceof ChangeSpool)) return Iterator.from(changes).filter(isPending).toArray();
  return (changes as ChangeSpool).pending().toArray();
}

/** The changes that are wanted, in order; others are not even read where a spool holds them. */
export function only(changes: List<Change>, wants: Wanted): IteratorObject<Change> {
  if (changes instanceof ChangeSpool) return (changes as ChangeSpool).only(wants);
  return Iterator.from(changes).filter((change) => wants(change.action, isWarned(change)));
}

/** Bytes of the longest line of the plan file, where a spool keeps the changes so; undefined where nobody knows. */
export function longestLine(changes: List<Change>): number | undefined {
  return changes instanceof ChangeSpool ? (changes as ChangeSpool).longest : undefined;
}

/** How many changes there are of each action. */
export function countActions(changes: List<Change>): Record<Action, number> {
  const counts = Object.fromEntries(actions.map((action) => [action, 0])) as Record<Action, number>;
  if (changes instanceof ChangeSpool) changes.count(counts);
  else for (const { action } of changes) counts[action]++;
  return counts;
}

function actionOf(kind: number): Action {
  return actions[kind & ~warned] ?? "blocked";
}

function isWarned({ warnings }: Change): boolean {
  return warnings !== undefined && warnings.length > 0;
}

import { FilterError } from './expression.ts';
import type { Fits, MatchNode } from './match-node.ts';
import { parseMatch } from './parse-match.ts';

/** One step of the machine that an expression becomes. Numbers are the places of steps. */
type Step =
  | { readonly kind: 'character'; readonly fits: Fits; readonly next: number }
  | { readonly kind: 'assert'; readonly what: 'start' | 'end' | 'boundary' | 'no-boundary'; readonly next: number }
  | { readonly kind: 'split'; readonly next: readonly number[] }
  | { readonly kind: 'found' };

/** The most steps of one machine: matching takes at most this many for each character. */
const maxSteps = 500;
/** Longer texts are not looked at to their end. Nothing that is shown is as long. */
const maxLength = 4_096;

/** How much work one filter may still make, in steps of the machine: it may look at a hundred thousand things. */
export interface WorkLeft {
  steps: number;
}

/** The work that one filter may make: a tenth of a second. */
export const wholeWork = 5_000_000;

/**
 * Makes a test of a regular expression, for whether a text has a match anywhere. It follows all ways to match at once, so the time
 * it takes grows with the length of the text and of the expression, never faster.
 *
 * @throws {FilterError} if the expression is none, is too large, or needs more than that; later, if the work is used up
 */
export function compileMatch(expression: string, work: WorkLeft = { steps: wholeWork }): (text: string) => boolean {
  const steps = new MachineBuilder();
  const first = steps.add(parseMatch(expression), steps.put({ kind: 'found' }));
  return (text) => run(steps.steps, first, Array.from(text.slice(0, maxLength)), work);
}

/** Builds the steps from the last to the first: each knows what comes after it. */
class MachineBuilder {
  readonly steps: Step[] = [];

  put(step: Step): number {
    if (this.steps.length >= maxSteps) throw new FilterError('error parsing regexp: expression too large');
    this.steps.push(step);
    return this.steps.length - 1;
  }

  /** The place of the first step of `node`, after which comes `next`. */
  add(node: MatchNode, next: number): number {
    switch (node.kind) {
      case 'character':
        return this.put({ kind: 'character', fits: node.fits, next });
      case 'start':
      case 'end':
      case 'boundary':
      case 'no-boundary':
        return this.put({ kind: 'assert', what: node.kind, next });
      case 'sequence':
        return node.parts.reduceRight((after, part) => this.add(part, after), next);
      case 'choice':
        return this.put({ kind: 'split', next: node.parts.map((part) => this.add(part, next)) });
      case 'repeat':
        return this.#repeat(node, next);
      default:
        return node satisfies never;
    }
  }

  #repeat({ inner, min, max }: Extract<MatchNode, { kind: 'repeat' }>, next: number): number {
    let first = max === Number.POSITIVE_INFINITY ? this.#loop(inner, next) : next;
    if (max !== Number.POSITIVE_INFINITY)
      for (let times = min; times < max; times += 1)
        first = this.put({ kind: 'split', next: [this.add(inner, first), next] });
    for (let times = 0; times < min; times += 1) first = this.add(inner, first);
    return first;
  }

  #loop(inner: MatchNode, next: number): number {
    // The way back is known only once the inner part is there.
    const ways = [next];
    const split = this.put({ kind: 'split', next: ways });
    ways.unshift(this.add(inner, split));
    return split;
  }
}

function run(steps: readonly Step[], first: number, characters: readonly string[], work: WorkLeft): boolean {
  let places = new Set<number>();
  for (let at = 0; at <= characters.length; at += 1) {
    // A match may begin anywhere.
    if (enter(steps, first, characters, at, places)) return true;
    work.steps -= places.size;
    if (work.steps < 0) throw new FilterError('it takes too long: match fewer texts, or with a shorter expression');
    const character = characters[at];
    if (character === undefined) return false;
    const following = new Set<number>();
    for (const place of places) {
      const step = steps[place];
      if (step?.kind !== 'character' || !step.fits(character)) continue;
      if (enter(steps, step.next, characters, at + 1, following)) return true;
    }
    places = following;
  }
  return false;
}

/** Adds a place, and those that are reached from it without a character. Returns whether the end is among them. */
function enter(
  steps: readonly Step[],
  place: number,
  characters: readonly string[],
  at: number,
  places: Set<number>,
): boolean {
  const open = [place];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (places.has(next)) continue;
    places.add(next);
    const step = steps[next];
    if (step === undefined) continue;
    if (step.kind === 'found') return true;
    if (step.kind === 'split') open.push(...step.next);
    if (step.kind === 'assert' && holds(step.what, characters, at)) open.push(step.next);
  }
  return false;
}

function holds(what: Extract<Step, { kind: 'assert' }>['what'], characters: readonly string[], at: number): boolean {
  if (what === 'start') return at === 0;
  if (what === 'end') return at === characters.length;
  const isBoundary = isWord(characters[at - 1]) !== isWord(characters[at]);
  return isBoundary === (what === 'boundary');
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /^[0-9A-Za-z_]$/.test(character);
}

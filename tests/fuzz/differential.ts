import type { ToleratedName } from '@flotilla/http1';
import { compareRequests, compareResponse, readsTheSame, type Verdict } from './compare.ts';
import { generateQuestion, generateRequests, generateResponse, type Question } from './generate.ts';
import { mutate } from './mutate.ts';
import { createRequestOracle, type NodeReading, readResponsesWithNode } from './node-oracle.ts';
import { plainForm } from './plain-form.ts';
import { Random } from './random.ts';
import { shrink } from './shrink.ts';

const BATCH = 200;

/** One input on which the codec and Node's parser do not agree as they must. */
export interface Finding {
  /** Run again with this seed and a count of 1 to see it again. */
  readonly seed: number;
  readonly kind: 'request' | 'response';
  readonly problem: string;
  readonly bytes: string;
  readonly shrunk: string;
  readonly question: Question | undefined;
}

export interface Outcome {
  readonly messages: number;
  /** Inputs out of which at least one message was read. */
  readonly accepted: number;
  /** How often each odd form was read in its plain form, since Node refuses it. */
  readonly exempt: ReadonlyMap<ToleratedName, number>;
  readonly findings: readonly Finding[];
}

interface Input {
  readonly seed: number;
  /** Undefined: the bytes are a client's. */
  readonly question: Question | undefined;
  readonly bytes: string;
}

/** Every input has a seed of its own, one more than that of the input before. */
function inputOf(seed: number): Input {
  const random = new Random(seed);
  // A third are responses: they cost Node more.
  const question = random.below(3) === 0 ? generateQuestion(random) : undefined;
  const bytes = question === undefined ? generateRequests(random) : generateResponse(random);
  return { seed, question, bytes: mutate(random, bytes) };
}

/** Compares `count` inputs, beginning at `seed`, and stops early after ten findings. */
export async function runDifferential(o: {
  readonly seed: number;
  readonly count: number;
  readonly onProgress?: (done: number) => void;
}): Promise<Outcome> {
  const oracle = createRequestOracle();
  const exempt = new Map<ToleratedName, number>();
  const judgeAll = async (inputs: readonly Input[]): Promise<Verdict[]> => {
    const requests = inputs.filter(({ question }) => question === undefined);
    const responses = inputs.flatMap(({ bytes, question }) => (question === undefined ? [] : [{ bytes, question }]));
    const ofRequests = await oracle(requests.map(({ bytes }) => bytes));
    const ofResponses = responses.length === 0 ? [] : await readResponsesWithNode(responses);
    return inputs.map(({ seed, bytes, question }) => {
      const random = new Random(seed ^ 0x5bd1e995);
      if (question === undefined) return compareRequests(bytes, next(ofRequests), random);
      return compareResponse(bytes, question, next(ofResponses), random);
    });
  };
  /** Judges each input as it is, and one that is more than Node reads also in its plain form. */
  const judge = async (inputs: readonly Input[]): Promise<Verdict[]> => {
    const verdicts = await judgeAll(inputs);
    for (const [i, verdict] of verdicts.entries()) {
      const input = inputs[i];
      if (verdict.problem === undefined || input === undefined) continue;
      const { bytes, forms } = plainForm(input.bytes, input.question);
      if (forms.length === 0 || !readsTheSame(input.bytes, bytes, input.question)) continue;
      const [plain] = await judgeAll([{ ...input, bytes }]);
      if (plain === undefined || plain.problem !== undefined) continue;
      verdicts[i] = plain;
      for (const form of forms) exempt.set(form, (exempt.get(form) ?? 0) + 1);
    }
    return verdicts;
  };
  const findings: Finding[] = [];
  let accepted = 0;
  let done = 0;
  while (done < o.count && findings.length < 10) {
    const size = Math.min(BATCH, o.count - done);
    const inputs = Array.from({ length: size }, (_, i) => inputOf(o.seed + done + i));
    for (const [i, verdict] of (await judge(inputs)).entries()) {
      const input = inputs[i];
      if (verdict.accepted) accepted++;
      if (verdict.problem === undefined || input === undefined) continue;
      const { seed, question, bytes } = input;
      const shrunk = await shrink(bytes, async (candidate) => {
        const [again] = await judge([{ seed, question, bytes: candidate }]);
        return again?.problem !== undefined;
      });
      const kind = question === undefined ? 'request' : 'response';
      findings.push({ seed, kind, problem: verdict.problem, bytes, shrunk, question });
    }
    done += size;
    o.onProgress?.(done);
  }
  return { messages: done, accepted, exempt, findings };
}

function next(readings: NodeReading[]): NodeReading {
  const reading = readings.shift();
  if (reading === undefined) throw new Error('The oracle gave fewer readings than it had inputs.');
  return reading;
}

import type { Applications, Member } from './applications.ts';
import { hashOf } from './applications.ts';
import type { EurekaStatus } from './eureka-status.ts';
import { compactJson, instanceJson } from './write-json.ts';
import { applicationXml, type Form, instanceXml } from './write-xml.ts';
import { xmlText } from './xml-names.ts';

/** How an answer is written. */
export interface Format {
  readonly media: 'json' | 'xml';
  readonly form: Form;
}

/** A text of a member, and how old its sign of life is. */
interface MemberText {
  readonly text: string;
  readonly madeMs: number;
}

/** How long a list shows the same sign of life of an instance: as long as Eureka's own cache does, in milliseconds. */
const keepMs = 30_000;

/** So many members are written before others are served: a few milliseconds. */
const slice = 100;

/** Writes what Eureka's clients read. The text of a member is made once for all lists that show it. */
export class Documents {
  readonly #applications: Applications;
  readonly #nowMs: () => number;
  readonly #texts = {
    'json full': new WeakMap(),
    'json compact': new WeakMap(),
    'xml full': new WeakMap(),
    'xml compact': new WeakMap(),
  } satisfies Record<string, WeakMap<Member, MemberText>>;

  /** @param nowMs a monotonic clock */
  constructor(applications: Applications, nowMs: () => number) {
    this.#applications = applications;
    this.#nowMs = nowMs;
  }

  /** Every application, as it is now. */
  all(format: Format): Promise<string> {
    const { apps, hash } = this.#applications;
    return this.#applicationsText(
      { version: '1', hash },
      apps.map((app) => [app, this.#applications.members(app)]),
      format,
    );
  }

  /** What has changed lately, with the hash of everything, as it is now. */
  delta(format: Format): Promise<string> {
    const { recent, hash, version } = this.#applications;
    return this.#applicationsText(
      { version: String(version), hash },
      [...Map.groupBy(recent, ({ app }) => app)],
      format,
    );
  }

  /** Those of all members that are chosen. */
  chosen(choose: (member: Member) => boolean, format: Format): Promise<string> {
    const members = this.#applications.chosen(choose);
    const counts = new Map<EurekaStatus, number>();
    for (const { status } of members) counts.set(status, (counts.get(status) ?? 0) + 1);
    const head = { version: '-1', hash: hashOf(counts) };
    return this.#applicationsText(head, [...Map.groupBy(members, ({ app }) => app)], format);
  }

  /** One application; undefined if nobody is in it. */
  application(app: string, format: Format): string | undefined {
    const members = this.#applications.members(app);
    if (members.length === 0) return undefined;
    const instances = members.map((member) => textOf(this.#applications, member, format, 1));
    const text = applicationText(app, instances, format, 0);
    return format.media === 'json' ? `{"application":${text}}` : text;
  }

  /** One instance. */
  instance(member: Member, format: Format): string {
    const text = textOf(this.#applications, member, format, 0);
    return format.media === 'json' ? `{"instance":${text}}` : text;
  }

  /**
   * Writes a list some members at a time, and lets others be served in between: what is listed and its hash are given, and do
   * not change meanwhile.
   */
  async #applicationsText(
    { version, hash }: { readonly version: string; readonly hash: string },
    applications: readonly (readonly [app: string, members: readonly Member[]])[],
    format: Format,
  ): Promise<string> {
    const texts: string[] = [];
    let written = 0;
    for (const [app, members] of applications) {
      const instances: string[] = [];
      for (const member of members) {
        instances.push(this.#listed(member, format));
        written += 1;
        if (written % slice === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      texts.push(applicationText(app, instances, format, 1));
    }
    if (format.media === 'json')
      return `{"applications":{"versions__delta":"${version}","apps__hashcode":"${hash}","application":[${texts.join(',')}]}}`;
    const head = `  <versions__delta>${version}</versions__delta>\n  <apps__hashcode>${xmlText(hash)}</apps__hashcode>\n`;
    return `<applications>\n${head}${texts.join('')}</applications>\n`;
  }

  /** The text of a member as it stands in the list of all. */
  #listed(member: Member, format: Format): string {
    const kept: WeakMap<Member, MemberText> = this.#texts[`${format.media} ${format.form}`];
    const nowMs = this.#nowMs();
    const known = kept.get(member);
    if (known !== undefined && nowMs - known.madeMs < keepMs) return known.text;
    const text = textOf(this.#applications, member, format, 2);
    kept.set(member, { text, madeMs: nowMs });
    return text;
  }
}

function applicationText(app: string, instances: readonly string[], format: Format, depth: number): string {
  return format.media === 'json'
    ? `{"name":${JSON.stringify(app)},"instance":[${instances.join(',')}]}`
    : applicationXml(app, instances.join(''), depth);
}

function textOf(applications: Applications, member: Member, { media, form }: Format, depth: number): string {
  const instance = applications.show(member);
  if (media === 'xml') return instanceXml(instance, form, depth);
  return JSON.stringify(form === 'full' ? instanceJson(instance) : compactJson(instance));
}

import type { NodeEntry } from '../../catalog/node-table.ts';
import type { Nodes } from '../../operations/nodes.ts';
import type { JsonObject } from '../../record/json-object.ts';
import type { QueryOptions } from '../base/query-options.ts';
import { consulVersion, type OwnNode } from './own-node.ts';
import { textIn, textOf } from './service-extra.ts';

/** A node as Consul's clients are shown it. */
export interface NodeShape {
  readonly ID: string;
  readonly Node: string;
  readonly Address: string;
  readonly Datacenter: string;
  readonly TaggedAddresses: Readonly<Record<string, string>> | null;
  readonly Meta: Readonly<Record<string, string>>;
  readonly CreateIndex: number;
  readonly ModifyIndex: number;
  readonly Locality?: unknown;
}

/** The nodes as they are shown: ours, and those that clients have registered. */
export class NodeShapes {
  readonly own: OwnNode;
  readonly #nodes: Pick<Nodes, 'get' | 'all'>;
  /** What was made of each entry. */
  readonly #made = new WeakMap<NodeEntry, NodeShape>();
  #ownMade: { readonly of: NodeEntry | undefined; readonly shape: NodeShape } | undefined;

  constructor(own: OwnNode, nodes: Pick<Nodes, 'get' | 'all'>) {
    this.own = own;
    this.#nodes = nodes;
  }

  /** By name, sorted. */
  all(): readonly NodeShape[] {
    const others = this.#nodes.all().filter(({ value }) => value.node !== this.own.name);
    return [this.#ownShape(), ...others.map((entry) => this.#shapeOf(entry))].sort((a, b) =>
      a.Node < b.Node ? -1 : 1,
    );
  }

  get(name: string): NodeShape | undefined {
    if (name === this.own.name) return this.#ownShape();
    const entry = this.#nodes.get(name);
    return entry && this.#shapeOf(entry);
  }

  /** What is known of a node beside how it is shown; also of ours. */
  entry(name: string): NodeEntry | undefined {
    return this.#nodes.get(name);
  }

  #ownShape(): NodeShape {
    const of = this.#nodes.get(this.own.name);
    if (this.#ownMade === undefined || this.#ownMade.of !== of) this.#ownMade = { of, shape: this.#makeOwn(of) };
    return this.#ownMade.shape;
  }

  #shapeOf(entry: NodeEntry): NodeShape {
    const made = this.#made.get(entry) ?? this.#make(entry);
    this.#made.set(entry, made);
    return made;
  }

  #makeOwn(entry: NodeEntry | undefined): NodeShape {
    const { name, id, address, datacenter, meta } = this.own;
    const family = address.includes(':') ? 'ipv6' : 'ipv4';
    return {
      ID: id,
      Node: name,
      Address: address,
      Datacenter: datacenter,
      TaggedAddresses: { lan: address, [`lan_${family}`]: address, wan: address, [`wan_${family}`]: address },
      Meta: { 'consul-network-segment': '', 'consul-version': consulVersion, ...meta },
      CreateIndex: 1,
      ModifyIndex: entry?.revision ?? 1,
    };
  }

  #make({ value, createdRevision, revision }: NodeEntry): NodeShape {
    const { node, address, extra } = value;
    const { TaggedAddresses, Meta, Locality } = extra;
    return {
      ID: textIn(extra, 'ID'),
      Node: node,
      Address: address,
      Datacenter: this.own.datacenter,
      TaggedAddresses: TaggedAddresses === undefined || TaggedAddresses === null ? null : textsOf(TaggedAddresses),
      Meta: textsOf(Meta),
      CreateIndex: createdRevision,
      ModifyIndex: revision,
      ...(Locality === undefined ? {} : { Locality }),
    };
  }
}

/** Whether a node has the metadata that a query asks for. */
export function hasMeta(meta: Readonly<Record<string, string>>, wanted: QueryOptions['nodeMeta']): boolean {
  return wanted.every(([name, value]) => Object.hasOwn(meta, name) && meta[name] === value);
}

/** A map of texts, as it was given. */
function textsOf(value: JsonObject[string] | undefined): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([name, text]) => [name, textOf(text) ?? '']));
}

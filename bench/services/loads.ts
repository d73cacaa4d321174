import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseWrk } from '../gateway/load/wrk.ts';
import type { Launch } from '../gateway/proxies/proxy-kind.ts';
import type { Processes } from '../gateway/run/processes.ts';
import { parseH2load } from './h2load.ts';

/** What is asked of the servers. */
export const calls = ['GET /users/{id}', 'POST /orders', 'GetUser', 'CreateOrder'] as const;
export type Call = (typeof calls)[number];

/** Ids of users that there are: from 1. A service reads a user once for all who ask for it at the same time. */
export const userCount = 1_000;

/** The order that is placed. */
export const orderText = JSON.stringify({ user_id: 1, item: '商品A', amount: 12.5 });

/** What a load generator did. */
export interface Load {
  readonly requests: number;
  readonly seconds: number;
}

/** One load on one server. */
export interface LoadOptions {
  readonly processes: Processes;
  readonly core: string;
  readonly folder: string;
  readonly call: Call;
  readonly port: number;
  /** Whole seconds. */
  readonly seconds: number;
  /** Callers at a time. */
  readonly connections: number;
}

/** Runs a load to its end. Throws if any call failed. */
export async function runLoad(options: LoadOptions): Promise<Load> {
  const { processes, core, seconds, call, port } = options;
  const { launch, parse } = launchOf(options);
  const { requests, failed, seconds: took } = parse(await processes.run(core, launch, seconds * 1_000 + 15_000));
  if (failed > 0) throw new Error(`${failed} of ${requests} calls ${call} at port ${port} failed`);
  return { requests, seconds: took };
}

interface LoadKind {
  readonly launch: Launch;
  readonly parse: (report: string) => Load & { readonly failed: number };
}

function launchOf({ call, port, seconds, folder, connections }: LoadOptions): LoadKind {
  const wrk = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s'];
  const origin = `http://127.0.0.1:${port}`;
  switch (call) {
    case 'GET /users/{id}': {
      const script = path.join(folder, 'get-user.lua');
      const next = `wrk.format("GET", "/users/" .. math.random(1, ${userCount}))`;
      writeFileSync(script, `request = function() return ${next} end\n`);
      return { launch: { command: 'wrk', args: [...wrk, '-s', script, origin] }, parse: parseWrk };
    }
    case 'POST /orders': {
      const script = path.join(folder, 'post-order.lua');
      const headers = 'wrk.headers["Content-Type"] = "application/json"';
      writeFileSync(script, `wrk.method = "POST"\n${headers}\nwrk.body = [[${orderText}]]\n`);
      return { launch: { command: 'wrk', args: [...wrk, '-s', script, `${origin}/orders`] }, parse: parseWrk };
    }
    case 'GetUser':
    case 'CreateOrder': {
      const service = call === 'GetUser' ? 'flotilla.users.v1.UserService' : 'flotilla.orders.v1.OrderService';
      const file = path.join(folder, `${call}.bin`);
      writeFileSync(file, frameOf(call));
      const grpc = ['-H', 'content-type: application/grpc', '-H', 'te: trailers', '-d', file];
      const args = [`-c${connections}`, '-m1', `-D${seconds}`, ...grpc, `${origin}/${service}/${call}`];
      return { launch: { command: 'h2load', args }, parse: parseH2load };
    }
    default:
      return call satisfies never;
  }
}

/** The message of a call, as gRPC frames it: five bytes for compression (none) and length, and the fields. */
function frameOf(call: 'GetUser' | 'CreateOrder'): Buffer {
  const item = Buffer.from('商品A');
  // Field 1 is the id of the user, 2 the item, 3 the amount in cents (1250, in two groups of seven bits).
  const create = Buffer.concat([Buffer.from([0x08, 1, 0x12, item.length]), item, Buffer.from([0x18, 0xe2, 0x09])]);
  const message = call === 'GetUser' ? Buffer.from([0x08, 1]) : create;
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

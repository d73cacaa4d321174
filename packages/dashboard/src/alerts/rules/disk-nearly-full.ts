import type { AlertRule } from '../rule.ts';
import { bytes, percent } from './words.ts';

const gibi = 1_073_741_824;
/** Both must be true: a tenth of a large disk is plenty, and a gibibyte of a small one may be, too. */
const raised = { share: 0.1, bytes: 5 * gibi };
const lingering = { share: 0.12, bytes: 6 * gibi };
const critical = { share: 0.03, bytes: gibi };

/** A disk on which programs write is nearly full. */
export const diskNearlyFullRule: AlertRule = {
  kind: 'disk-nearly-full',
  holdMs: 0,
  clearMs: 60_000,
  examine: ({ disks }) =>
    disks?.flatMap((disk) => {
      const isBelow = (limit: { readonly share: number; readonly bytes: number }): boolean =>
        disk.freeBytes < limit.bytes && disk.freeBytes < limit.share * disk.totalBytes;
      if (!isBelow(lingering)) return [];
      const [free, share] = [bytes(disk.freeBytes), percent(disk.freeBytes / disk.totalBytes)];
      return {
        subject: disk.path,
        level: isBelow(raised) ? 'raised' : 'lingering',
        severity: isBelow(critical) ? 'critical' : 'warning',
        text: {
          en: `The disk of ${disk.path} has only ${free} left (${share}). Databases stop to write when it is full`,
          zh: `${disk.path} 所在的磁盘只剩 ${free}（${share}）。磁盘写满后，数据库将无法写入`,
        },
        link: '/charts',
      };
    }),
};

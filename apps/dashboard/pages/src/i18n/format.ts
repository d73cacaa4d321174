import type { Language } from './language.ts';

const kibi = 1024;
const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Writes numbers, sizes and times as people read them, each as short as it can be. */
export interface Format {
  /** `1,204`, `0.42` */
  number(value: number): string;
  /** `12.5 /s`, `0.03 /s`, `<0.01 /s` */
  rate(perSecond: number): string;
  /** From 0 to 1: `0.4 %` */
  share(value: number): string;
  /** `850 µs`, `12 ms`, `1.24 s` */
  duration(ms: number): string;
  /** For what takes minutes to days: `3 d 4 h`, `12 min`. */
  age(ms: number): string;
  /** `84 MiB` */
  bytes(value: number): string;
  /** `14:03:22` today, with the date on other days. */
  time(atMs: number, nowMs: number): string;
  /** Date and time with milliseconds, for titles and details. */
  moment(atMs: number): string;
}

/** The format of a language. */
export function formatOf(language: Language): Format {
  const locale = language === 'zh' ? 'zh-CN' : 'en-GB';
  const plain = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 });
  const hundredths = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
  const percent = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'medium' });
  const dated = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' });
  const units =
    language === 'zh'
      ? { day: '天', hour: '小时', minute: '分钟', second: '秒', space: ' ' }
      : { day: 'd', hour: 'h', minute: 'min', second: 's', space: ' ' };

  const number = (value: number): string => (Math.abs(value) >= 100 ? whole : plain).format(value);
  const of = (value: number, unit: string): string => `${whole.format(value)}${units.space}${unit}`;

  return {
    number,
    rate: (perSecond) => {
      if (perSecond > 0 && perSecond < 0.01) return `<${hundredths.format(0.01)}\u202f/s`;
      return `${perSecond < 1 ? hundredths.format(perSecond) : number(perSecond)}\u202f/s`;
    },
    share: (value) => `${percent.format(value * 100)}\u202f%`,
    duration: (ms) => {
      if (ms > 0 && ms < 1) return `${whole.format(ms * 1000)}\u202fµs`;
      if (ms < second) return `${number(ms)}\u202fms`;
      return ms < minute ? `${number(ms / second)}\u202fs` : age(ms);
    },
    age,
    bytes: (value) => {
      const names = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
      const power = value < 1 ? 0 : Math.min(names.length - 1, Math.floor(Math.log(value) / Math.log(kibi)));
      return `${number(value / kibi ** power)}\u202f${names[power] ?? ''}`;
    },
    time: (atMs, nowMs) => {
      const isToday = new Date(atMs).toDateString() === new Date(nowMs).toDateString();
      return (isToday ? clock : dated).format(atMs);
    },
    moment: (atMs) => {
      const at = new Date(atMs);
      const pad = (value: number, length = 2): string => String(value).padStart(length, '0');
      const date = `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
      return `${date} ${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}.${pad(at.getMilliseconds(), 3)}`;
    },
  };

  function age(ms: number): string {
    if (ms < minute) return of(Math.floor(ms / second), units.second);
    if (ms < hour) return of(Math.floor(ms / minute), units.minute);
    const [big, bigUnit, small, smallUnit] =
      ms < day ? [hour, units.hour, minute, units.minute] : [day, units.day, hour, units.hour];
    const rest = Math.floor((ms % big) / small);
    return of(Math.floor(ms / big), bigUnit) + (rest === 0 ? '' : ` ${of(rest, smallUnit)}`);
  }
}

/** The trace within which a line is written. */
export interface LineTrace {
  readonly traceId: string;
  readonly spanId: string;
  readonly sampled: boolean;
}

/** The fields of a line, without secrets, by our own names. Errors are serialized. */
export type PlainFields = Readonly<Record<string, unknown>>;

/** How the JSON of a line looks under a profile other than the native one. */
export interface LineShape {
  readonly timeName: string;
  readonly messageName: string;
  /** What each line of a level begins with. */
  level(level: string): PlainFields;
  /** What every line has. */
  base(service: string, instance: string): PlainFields;
  /** The other fields, by the names of the profile. */
  fields(fields: PlainFields, message: string | undefined, trace: LineTrace | undefined): Record<string, unknown>;
}

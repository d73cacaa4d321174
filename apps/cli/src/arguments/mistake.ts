/** A mistake in the command line, with its correction; caught where the command line is read. */
export class Mistake extends Error {}

/** A mistake in the command line, with what would be right; caught where the command line is read. */
export class Mistake extends Error {}

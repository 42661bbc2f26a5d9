/** Facts an error carries beside its message, for programs that handle it (shapes, names, byte offsets). */
export type ErrorDetails = Readonly<Record<string, unknown>>;

const punctuated = (sentence: string): string => (/[.?!:]$/.test(sentence) ? sentence : `${sentence}.`);

/**
 * Base class of every error this framework throws on purpose.
 * The message reads `where: the fact with both values. What to do.`
 */
export class DLError extends Error {
  /** The function, op or layer that refused. */
  readonly where: string;
  /** What was given and what was expected. */
  readonly fact: string;
  /** What the caller most likely wants to do. */
  readonly fix: string;
  readonly details: ErrorDetails;

  constructor(where: string, fact: string, fix: string, details: ErrorDetails = {}) {
    super(`${where}: ${punctuated(fact)} ${punctuated(fix)}`);
    this.name = new.target.name;
    this.where = where;
    this.fact = fact;
    this.fix = fix;
    this.details = details;
  }
}

/** Shapes or dimensions that do not fit together. */
export class ShapeError extends DLError {}

/** An element type the operation does not take. */
export class DTypeError extends DLError {}

/** A number, label or option value outside of what is allowed. */
export class ValueError extends DLError {}

/** A name nobody registered, or an option key that does not exist. */
export class UnknownNameError extends DLError {}

/** Calls in an order that cannot work, such as a second backward through a freed graph. */
export class StateError extends DLError {}

/** Bytes or text that are not what their format promises. */
export class FormatError extends DLError {}

/** A device that is missing, too small, or mixed with another one. */
export class BackendError extends DLError {}

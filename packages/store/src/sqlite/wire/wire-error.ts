import { isSiderealError, SiderealError } from '@sidereal/core';

/** An error as it crosses from the store's thread, which would otherwise lose its class and code. */
export interface WireError {
  readonly code: string | undefined;
  readonly message: string;
  readonly remedy: string;
  readonly stack: string | undefined;
  readonly cause: WireError | undefined;
}

export function toWire(error: unknown): WireError {
  if (!(error instanceof Error)) {
    return { code: undefined, message: String(error), remedy: '', stack: undefined, cause: undefined };
  }
  const isOurs = isSiderealError(error);
  return {
    code: isOurs ? error.code : undefined,
    message: error.message,
    remedy: isOurs ? error.remedy : '',
    stack: error.stack,
    cause: error.cause === undefined ? undefined : toWire(error.cause),
  };
}

export function fromWire(wire: WireError): Error {
  const cause = wire.cause === undefined ? undefined : fromWire(wire.cause);
  const error =
    wire.code === undefined
      ? new Error(wire.message, { cause })
      : new SiderealError(wire.code, wire.message, { remedy: wire.remedy, cause });
  if (wire.stack !== undefined) error.stack = wire.stack;
  return error;
}

/** What values are: copied, captured at a call, told apart, searched for futures. */
export {
  captureArguments,
  COPIED_BYTES,
  materialize,
  opaqueAmong,
  textOfArguments,
  type CaptureContext,
  type CapturedArguments,
  type MaterializeOptions,
} from './captured-arguments.ts';
export { bareError, errorKind } from './bare-error.ts';
export { isScalar } from './copier.ts';
export { bytesDigest, keyDigest, textDigest } from './digest.ts';
export {
  copyForReader,
  copyPlain,
  findFutures,
  replaceFutures,
  replaceObjects,
  type PlainCopy,
} from './futures-in-values.ts';
export {
  findHiddenFuture,
  findOpaque,
  findUntransferable,
  futureHidden,
  isOpaquePart,
  type Obstacle,
} from './obstacles.ts';
export { needsPacking, type ClassAddress, type ClassNames } from './packed-object.ts';
export { packValue } from './packed-value.ts';
export { unpackValue } from './unpacked-value.ts';
export { isShared, shared } from './shared-values.ts';
export { ArraySnapshots, LARGE_ARRAY_BYTES } from './snapshots.ts';
export { argumentDigest, ValueIdentity, type FutureText } from './value-identity.ts';
export { ValueWatch } from './value-watch.ts';

/** The programs of the equivalence suite by name, each with what it must give. */
import { expect } from 'vitest';
import type { Program } from './program.ts';
import * as calls from './test-fixtures/calls.ts';
import * as data from './test-fixtures/kinds-of-data.ts';
import * as ends from './test-fixtures/ends.ts';
import * as failures from './test-fixtures/failures.ts';
import * as futures from './test-fixtures/futures.ts';
import * as identities from './test-fixtures/identities.ts';
import * as maps from './test-fixtures/maps.ts';
import * as nesting from './test-fixtures/nesting.ts';
import * as options from './test-fixtures/options.ts';
import * as ownership from './test-fixtures/ownership.ts';
import * as reduces from './test-fixtures/reduces.ts';
import * as stages from './test-fixtures/stages.ts';

const refused = (count: number): readonly unknown[] =>
  Array.from({ length: count }, () => ['INVALID_OPTION', true]);
const branchTimesTen = [
  [0, 10],
  [1, 20],
  [2, 30],
];

export const programs: Readonly<Record<string, Program>> = {
  // Calls
  'one call': { flow: calls.one, value: 3 },
  'a chain of calls': {
    flow: calls.chain,
    value: 10,
    see: (record) =>
      expect(record.nodes.filter(({ idx }) => idx > 0 && record.upstream(idx).length === 2)).toHaveLength(1),
  },
  'two paths from one call to another': { flow: calls.diamond, value: 34 },
  'futures nested in an argument': {
    flow: calls.nested,
    value: 17,
    see: (record) => expect(record.upstream('sum-of')).toEqual(['add', 'double']),
  },
  'asynchronous tasks': { flow: calls.asynchronous, value: [1, 2, 3] },
  'calls in turn': { flow: calls.inTurn, value: 10 },
  'plain promises as arguments': { flow: calls.promised, value: 8 },
  'no value': { flow: calls.empty, value: [undefined, null] },
  'a call that nobody awaits': {
    flow: calls.unawaited,
    value: 'returned',
    see: (record) => expect(record.states('add')).toEqual(['completed']),
  },
  'equal calls': {
    flow: calls.equal,
    value: 6,
    see: (record) => expect(record.named('add')).toHaveLength(3),
  },
  'keys given by hand': { flow: calls.keyed, value: 4 },
  'one key given twice': { flow: calls.sameKey, value: 'DUPLICATE_KEY', isRunOnce: true },
  'one key in several scopes': { flow: calls.keyInScopes, value: [2, 4, 6] },
  'a rest parameter': { flow: calls.variadic, value: [1, 2] },
  'a default parameter': { flow: calls.defaulted, value: [20, 6] },
  'strict tasks': { isStrict: true, flow: calls.strictly, value: 3 },
  'a large value that is kept': { flow: calls.persistent, value: 20_000 },
  'a task that stays inline': { flow: calls.placed, value: 7 },
  priorities: { flow: calls.urgent, value: 10 },
  'tags at a call': {
    flow: calls.tagged,
    value: 3,
    see: (record) => expect(record.node('add').tags).toEqual(['night', 'band-6']),
  },
  'tags of a flow': {
    flow: calls.flowTags,
    value: 3,
    isTopLevel: true,
    see: (record) => expect(record.node('add').tags).toEqual(['survey-a']),
  },
  'order without data': { flow: calls.ordered, value: 20, see: (record) => expectAfter(record, ['double']) },
  'order after a map': {
    flow: calls.orderedByMap,
    value: 20,
    see: (record) => expectAfter(record, ['double']),
  },
  'order after a stage': {
    flow: calls.orderedByStage,
    value: 20,
    see: (record) => expectAfter(record, ['doubling']),
  },
  'forty calls, one at a time': { flow: calls.wide, value: 1560 },

  // Kinds of data
  numbers: {
    flow: data.numbers,
    value: [
      '[ 0, -0, NaN, Infinity, 0.1, 1180591620717411303424n ]',
      [0, -0, Number.NaN, Infinity, 0.1, 2n ** 70n],
    ],
  },
  'absent values': {
    flow: data.absent,
    value: ['{ a: undefined, b: null, c: [ undefined ] }', { a: undefined, b: null, c: [undefined] }],
  },
  texts: { flow: data.texts, value: [String.raw`[ '', 'æøå', '\x00', '👩‍🚀' ]`, ['', 'æøå', '\u0000', '👩‍🚀']] },
  'a Map': {
    flow: data.map,
    value: [
      "Map(2) { 'flux' => 1, 2 => Map(1) { 'inner' => true } }",
      new Map<unknown, unknown>([
        ['flux', 1],
        [2, new Map([['inner', true]])],
      ]),
    ],
  },
  'a Set': { flow: data.set, value: ["Set(3) { 1, 'two', null }", new Set([1, 'two', null])] },
  'a Date': {
    flow: data.date,
    value: ['{ taken: 2024-02-29T12:00:00.000Z }', { taken: new Date('2024-02-29T12:00:00Z') }],
  },
  'a URL': {
    flow: data.url,
    value: [expect.stringContaining('archive.example'), new URL('https://archive.example/data?band=6#one')],
  },
  'a regular expression': { flow: data.regExp, value: [String.raw`/^spw_\d+$/giu`, /^spw_\d+$/giu] },
  'typed arrays': {
    flow: data.typedArrays,
    value: [
      expect.stringMatching(
        /^\[ Float64Array\(2\) \[ 1\.5, -2 \], Uint8Array\(2\) \[ 1, 2 \], BigInt64Array\(1\) \[ -1n \]/,
      ),
      [
        new Float64Array([1.5, -2]),
        new Uint8Array([1, 2]),
        new BigInt64Array([-1n]),
        new Uint8Array([9, 8]).buffer,
      ],
    ],
  },
  'a view of a buffer': { flow: data.views, value: ['Float32Array(2) [ 2, 3 ]', new Float32Array([2, 3])] },
  'an error as a value': { flow: data.error, value: [true, 'RangeError', 'outer', 'E_GIVEN', true, 'inner'] },
  'an instance of a class': { flow: data.instance, value: [true, 6, 'Beam { major: 3, minor: 2 }'] },
  'instances among results': {
    flow: data.instances,
    value: [
      [2, 4, 6],
      [2, 4, 6],
    ],
  },
  'a cycle': { flow: data.cycle, value: [true, true, 1] },
  'shared parts': { flow: data.sharedParts, value: [true, true, [1, 2]] },
  'sixteen levels of shared parts': { flow: data.sharedLevels, value: 16 },
  'a large array': { flow: data.bulky, value: [20_000, 19_999, false] },
  'data in data': {
    flow: data.nested,
    value: [
      "{ runs: [ Map(1) { 'when' => Set(1) { 1970-01-01T00:00:00.000Z } } ], beam: { fwhm: 1n } }",
      { runs: [new Map([['when', new Set([new Date(0)])]])], beam: { fwhm: 1n } },
    ],
  },
  'an argument that threads cannot be given': {
    flow: data.uncloneable,
    value: ['UNCLONEABLE_ARGUMENT', true],
    isRunOnce: true,
  },
  'a result that threads cannot give': {
    flow: data.uncloneableResult,
    value: 'UNCLONEABLE_RESULT',
    isRunOnce: true,
  },
  'private state': { reruns: 'no identity', flow: data.privateState, value: [1, 2] },
  'functions as arguments': { reruns: 'no identity', flow: data.functions, value: [10, 20, 30] },

  // Ownership
  'an object changed between calls': { flow: ownership.changedObject, value: [10, 20, 30, 40] },
  'a part changed between calls': {
    flow: ownership.changedNested,
    value: [{ of: { channel: 1 } }, { of: { channel: 2 } }],
  },
  'an array that grows between calls': { flow: ownership.changedArray, value: [1, 2, 3] },
  'a Map that grows between calls': { flow: ownership.changedMap, value: [1, 2] },
  'a typed array changed between calls': { flow: ownership.changedTypedArray, value: [1, 10] },
  'a large array changed between calls': { flow: ownership.changedLargeArray, value: [1, 2] },
  'an object changed while its call waits': { flow: ownership.changedWhileWaiting, value: 10 },
  'an item that a generator fills again': { flow: ownership.refilledItem, value: [10, 20, 30, 40] },
  'arguments that are filled again': { flow: ownership.refilledArguments, value: [10, 20, 30] },
  'an argument that the task changes': { flow: ownership.callerKeeps, value: [2, [0]] },
  'two consumers that both change a value': { flow: ownership.twoConsumers, value: [4, 4] },
  'a consumer that sorts in place': { flow: ownership.sortedInPlace, value: [2, 3, [3, 1, 2]] },
  'a consumer that overwrites an array': { flow: ownership.overwritten, value: [3, 3, 3] },
  'a flow that changes what it awaited': { flow: ownership.flowChangesResult, value: 3 },
  'a flow that changes items of a map': { flow: ownership.mapResultChanged, value: [2, [[1], [2]]] },
  'an argument changed by an attempt that fails': {
    tellsAttempts: true,
    flow: ownership.retriedWithWhole,
    value: [0, 3],
  },
  'an input changed by an attempt that fails': {
    tellsAttempts: true,
    flow: ownership.retriedWithFuture,
    value: [3, 1, 2, 3],
  },
  'a part of an input as a result': { flow: ownership.partOfInput, value: { list: [1] } },
  'a shared array': { flow: ownership.sharedArray, value: [1, 1, 2] },
  'an object changed between calls in a task': { flow: ownership.changedInTask, value: [1, 2] },

  // Futures
  'futures in arrays': { flow: futures.inArray, value: [3, [8], 5], see: consumesBoth },
  'futures in objects': { flow: futures.inObject, value: { a: 3, b: { c: 8 } }, see: consumesBoth },
  'futures in Maps': {
    flow: futures.inMap,
    value: new Map<string, unknown>([
      ['sum', 3],
      ['list', [8]],
    ]),
    see: consumesBoth,
  },
  'futures in Sets': { flow: futures.inSet, value: new Set([3, 8]), see: consumesBoth },
  'a promise of a future in a Map': { flow: futures.promiseInMap, value: new Map([['late', { n: 8 }]]) },
  'one future twice': { flow: futures.twice, value: [3, { again: 3 }] },
  'settled futures in an argument': { flow: futures.settledInside, value: ['completed', 3, 'failed', 'no'] },
  'returned futures in an array': { flow: futures.returnedArray, value: [3, 7] },
  'returned futures in Maps and Sets': {
    flow: futures.returnedStructure,
    value: { sum: 3, more: new Map([['doubled', [8]]]), set: new Set([10]) },
  },
  'a failure among returned futures': { flow: futures.returnedFailure, error: { name: expect.any(String) } },
  'futures that a task returns': { flow: futures.returnedByTask, value: { sum: 3, doubled: [8] } },
  'futures that a stage returns': {
    flow: futures.returnedByStage,
    value: { sum: 4, doubled: new Map([['it', 6]]) },
  },
  'returned futures that a task consumes': {
    flow: futures.returnedAndConsumed,
    value: { sum: 3, doubled: [8] },
  },
  'a future hidden in an instance': { flow: futures.hidden, value: 'FUTURE_HIDDEN', isRunOnce: true },
  'a future hidden deeper': { flow: futures.hiddenDeeper, value: 'FUTURE_HIDDEN', isRunOnce: true },
  'a future as text': { flow: futures.asText, value: 'FUTURE_USED_AS_VALUE' },
  'a future as a number': { flow: futures.asNumber, value: ['FUTURE_USED_AS_VALUE', 'FUTURE_USED_AS_VALUE'] },
  'a future as JSON': { flow: futures.asJson, value: 'FUTURE_USED_AS_VALUE' },
  'a map as text': { flow: futures.mapAsText, value: 'FUTURE_USED_AS_VALUE' },
  'a future as text in a task': { flow: futures.asTextInTask, value: 'FUTURE_USED_AS_VALUE' },
  'a rejected promise as an argument': {
    flow: futures.rejectedArgument,
    value: ['failed', expect.stringContaining('unreadable')],
  },
  'a rejected promise in an argument': {
    flow: futures.rejectedInside,
    value: ['failed', expect.stringContaining('unreadable')],
  },
  'a rejected promise in a Map': {
    flow: futures.rejectedInMap,
    value: ['failed', expect.stringContaining('unreadable')],
  },
  'several rejected promises in an argument': { flow: futures.severalRejected, value: 'failed' },

  // Reductions
  'reductions in pairs': { flow: reduces.pairs, value: ['(ab)', '(((ab)(cd))e)', '(((ab)(cd))((ef)(gh)))'] },
  'a reduction of one item': { flow: reduces.single, value: 'a' },
  'reductions in threes': { flow: reduces.threes, value: ['(abc)', '((abc)(def)g)'] },
  'a reduction with a rest parameter': { flow: reduces.restParameter, value: '(abcd)' },
  'a reduction with a first item': { flow: reduces.initial, value: 16 },
  'a reduction of nothing': { flow: reduces.emptyInitial, value: 10 },
  'a reduction of nothing, without a first item': {
    flow: reduces.emptyRefused,
    error: { code: 'EMPTY_REDUCE' },
  },
  'a reduction of a map': { flow: reduces.overMap, value: 12 },
  'a reduction of what arrives': { flow: reduces.overAsync, value: 15 },
  'a reduction of futures and promises': { flow: reduces.overFutures, value: 7 },
  'a reduction with skipped items': { flow: reduces.skippedItems, value: [9, 9] },
  'a reduction of skipped items alone': { flow: reduces.allSkipped, value: 5 },
  'a reduction wider than its task': { flow: reduces.arityRefused, value: [true, true], isRunOnce: true },
  'a reduction with a failed item': {
    differs: 'what had not started when it failed is cancelled',
    flow: reduces.failedItem,
    value: 'failed',
  },
  'a reduction with a rejected item': { flow: reduces.rejectedItem, value: 'failed' },
  'a reduction of one rejected item': {
    flow: reduces.onlyRejectedItem,
    value: [false, expect.stringContaining('alone')],
  },
  'a reduction with one rejected item of many': {
    differs: 'what had not started when it failed is cancelled',
    flow: reduces.oneRejectedOfMany,
    value: false,
  },
  'reductions in stages': { flow: reduces.inStage, value: 32 },
  'a reduction that is consumed': { flow: reduces.consumed, value: 12 },

  // Maps
  'a map': { flow: maps.simple, value: [2, 4, 6] },
  'a map of nothing': { flow: maps.none, value: [[], 0] },
  'a map of what a generator gives': { flow: maps.generator, value: 9900 },
  'a map of what arrives': { flow: maps.asyncItems, value: [2, 4, 6, 8] },
  'a map of promised items': { flow: maps.promisedItems, value: [2, 4] },
  'a map of futures': { flow: maps.itemsAreFutures, value: [6, 14, 10] },
  'a map with arguments': { flow: maps.args, value: [21, 23, 25] },
  'a map with keys': { flow: maps.keyed, value: [2, 4] },
  'a map with one key twice': { flow: maps.keyTwice, value: 'DUPLICATE_KEY', isRunOnce: true },
  'a map of equal items': { flow: maps.equalItems, value: [2, 2, 2] },
  'a map of a map': { flow: maps.chained, value: 24 },
  'a map consumed whole': { flow: maps.consumedWhole, value: [12, { inside: [2, 4, 6] }] },
  'a map with skipped items': { flow: maps.skippedItems, value: [[1, 3], 12] },
  'a map of stages': { flow: maps.ofStages, value: [22, 24, 26] },
  'maps in a map of stages': { flow: maps.mapsInStages, value: [2, 6, 12] },
  'a map with a failed item, awaited': { flow: maps.oneFails, value: ['MAP_FAILED', true] },
  'a map with a failed item that nobody awaits': {
    flow: maps.unhandledItem,
    error: { code: 'UNHANDLED_FAILURE' },
  },
  'each item of a map': {
    flow: maps.each,
    value: [
      ['completed', 1],
      ['failed', 'item 2'],
      ['completed', 3],
    ],
  },
  'each item of a map with skipped ones': {
    flow: maps.eachSkipped,
    value: ['completed', 'skipped', 'completed'],
  },
  'a map as a whole': { flow: maps.whole, value: ['failed', 'SiderealError'] },
  'a map that fails fast': { flow: maps.failFast, value: 'failed' },
  'a map of a map with a failed item': {
    flow: maps.consumerOfFailed,
    value: ['completed', 'upstream_failed'],
  },
  'the first item is a rejected promise': {
    flow: maps.rejectedFirst,
    value: [3, [expect.stringContaining('file 0 is unreadable')]],
  },
  'the last of two hundred items is a rejected promise': {
    flow: maps.rejectedLast,
    value: [200, [expect.stringContaining('file 199 is unreadable')]],
  },
  'one of ten thousand items is a rejected promise': {
    flow: maps.rejectedOfMany,
    value: [10_000, [expect.stringContaining('file 9000 is unreadable')]],
    isRunOnce: true,
    isLarge: true,
  },
  'every item is a rejected promise': { flow: maps.allRejected, value: 20 },
  'a rejected promise among the arguments of an item': {
    flow: maps.rejectedInArguments,
    value: [
      [true, undefined],
      [false, expect.stringContaining('one')],
      [true, undefined],
    ],
  },
  'a map with tags': {
    flow: maps.tagged,
    value: [2, 4],
    see: (record) => expect(record.named('double', 'task')[0]?.tags).toEqual(['many']),
  },

  // Failures
  'a failure that nothing catches': { flow: failures.uncaught, error: { code: 'UPSTREAM_FAILED' } },
  'a failure that is caught': { flow: failures.caught, value: [true, 'too large'] },
  'a failure that is carried on': { flow: failures.carried, value: ['upstream_failed', 'UPSTREAM_FAILED'] },
  'a failure that nobody sees': { flow: failures.unhandled, error: { code: 'UNHANDLED_FAILURE' } },
  'a body that throws': { flow: failures.bodyThrows, error: { name: 'TypeError', message: 'the body' } },
  'name, code, cause and fields of an error': {
    flow: failures.ownFields,
    value: ['ArchiveError', 'a.ms is not in the archive', 'E_ARCHIVE', 'a.ms', true, 'no such row'],
  },
  'the class of an error': { flow: failures.ownClass, value: [true, false] },
  'an error that a task consumes': {
    flow: failures.errorAsInput,
    value: ['E_ARCHIVE', 'a.ms is not in the archive'],
  },
  'a thrown text': { flow: failures.thrownText, value: true },
  'a thrown object': { flow: failures.thrownObject, value: ['failed', true] },
  'a thrown null': { flow: failures.thrownNull, value: 'failed' },
  'a thrown undefined': { flow: failures.thrownUndefined, value: 'failed' },
  'a thrown number that nothing catches': {
    flow: failures.thrownNumber,
    error: { message: expect.stringContaining('42') },
  },
  'a task that succeeds when retried': {
    tellsAttempts: true,
    flow: failures.retried,
    value: 3,
    see: (record) => expect(record.node('flaky').attempt).toBe(3),
  },
  'a task that has no retries left': {
    tellsAttempts: true,
    flow: failures.exhausted,
    value: ['failed', 'attempt 3'],
  },
  'an error that is not retried, by its code': {
    flow: failures.notRetried,
    value: 'failed',
    see: (record) => expect(record.node('unretried').attempt).toBe(1),
  },
  'an error that is retried, by its code': { tellsAttempts: true, flow: failures.byCode, value: 3 },
  'retries at a call': {
    tellsAttempts: true,
    flow: failures.retriesAtCall,
    value: 'failed',
    see: (record) => expect(record.node('flaky').attempt).toBe(1),
  },
  'retries with delays': { tellsAttempts: true, flow: failures.delayed, value: 3 },
  'a skip': { flow: failures.skipped, value: 'skipped' },
  'a skip that is carried on': { flow: failures.skippedOnwards, value: 'skipped' },
  'a skip that is awaited': { flow: failures.skipAwaited, error: { code: 'SKIPPED' }, state: 'skipped' },
  'a stage that is skipped': { flow: failures.stageSkips, value: 'skipped' },
  'a task for all that is done': { flow: failures.allDone, value: ['completed', 'failed', 'skipped'] },
  'a task that cleans up': { flow: failures.cleanUp, value: ['cleaned', 'failed'] },
  'a task for when all fail': { flow: failures.allFailed, value: ['all failed', 'skipped'] },
  'a task for when none fails': { flow: failures.noneFailed, value: ['none failed', 'upstream_failed'] },
  'order after a failure': { flow: failures.afterFailure, value: ['upstream_failed', 4] },
  'a stage that fails': { flow: failures.stageFails, value: ['failed', 'the stage'] },
  'a failure that nobody in a stage sees': {
    flow: failures.stageUnhandled,
    value: ['failed', 'UNHANDLED_FAILURE'],
  },
  'a task that heeds its timeout': { flow: failures.heedsTimeout, value: ['failed', 'TIMED_OUT'] },
  'a stage that succeeds when retried': { flow: failures.stageRetried, value: 8 },

  // Ends
  'a task that never ends': { flow: ends.timesOut, value: ['failed', 'TIMED_OUT'] },
  'a task that never ends once': { tellsAttempts: true, flow: ends.timesOutOnce, value: 6 },
  'thrown things that cannot be read': {
    flow: ends.thrownHostile,
    value: [
      ['failed', true, 'string'],
      ['failed', true, 'string'],
    ],
  },
  'a task that ends its process, on a thread': {
    flow: ends.exitsOnThread,
    value: [
      ['completed', undefined],
      ['failed', 'PROCESS_EXIT'],
    ],
  },

  // Tasks that call
  'a task that calls tasks': {
    flow: nesting.calls,
    value: 10,
    see: (record) => expect(record.lineage('double')).toEqual(['double', 'calls-task', 'calls']),
  },
  'a task that returns a call': { flow: nesting.returns, value: 6 },
  'a task that calls a map': { flow: nesting.maps, value: 12 },
  'a task that calls a reduction': { flow: nesting.reduces, value: 12 },
  'a task that calls a stage': { flow: nesting.stages, value: 7 },
  'a task that calls a map of stages': { flow: nesting.manyStages, value: [2, 4] },
  'a task that loops': { flow: nesting.loops, value: [10, 3, 'good enough'] },
  'a task that opens a group': { flow: nesting.groups, value: 7 },
  'a task that calls itself, in one slot': { flow: nesting.recursion, value: 5 },
  'a task that catches what it calls': { flow: nesting.swallowed, value: 'inside' },
  'a task that forgets a failure': { flow: nesting.forgotten, value: 'failed' },
  'a task that returns before what it called': { flow: nesting.open, value: 'returned' },
  'a task that settles what it calls': { flow: nesting.settling, value: [[2, 4], 'failed'] },
  'a task that skips after a call': { flow: nesting.skipping, value: 'skipped' },
  'a task that is retried after a call': {
    flow: nesting.retrying,
    value: 8,
    see: (record) => expect(record.named('double')).toHaveLength(1),
  },
  'a task that tells of itself': { tellsAttempts: true, flow: nesting.telling, value: ['tells', 1, 32] },
  'a task that draws numbers': { flow: nesting.drawing, value: [true, true, true] },
  'order inside a task': { flow: nesting.ordering, value: 5 },
  'tasks that call, in one slot': { flow: nesting.fanned, value: [4, 7, 10] },
  'numbers drawn by a flow': { flow: nesting.drawnInFlow, value: [true, 2] },
  'a drawn number as an argument': {
    differs: 'its key holds what is drawn',
    flow: nesting.drawnThenUsed,
    value: true,
  },

  // Stages
  'a stage': { flow: stages.oneStage, value: 8 },
  'stages in a stage': { flow: stages.deep, value: 6 },
  'a stage between tasks': { flow: stages.stageConsumes, value: 12 },
  'stages side by side': { flow: stages.stagesSideBySide, value: 12 },
  'equal stages': { flow: stages.equalStages, value: 16 },
  'an input that a stage refuses': { flow: stages.badInput, value: ['failed', 'INVALID_INPUT'] },
  'a field that stays a future': { flow: stages.futureField, value: 3 },
  'defaults of a flow': {
    flow: stages.defaults,
    value: [2, 2],
    isTopLevel: true,
    see: (record) => expect(record.named('attempts').map(({ tags }) => tags)).toEqual([['all'], ['all']]),
  },
  'a group': { flow: stages.grouped, value: 6 },
  'groups that are consumed': {
    flow: stages.groupConsumed,
    value: 6,
    reruns: 'what a group gives counts as made anew whenever its code runs again',
  },
  'a loop that ends by itself': { flow: stages.looped, value: [4, 3, 'converged'] },
  'a loop that goes on to its end': { flow: stages.loopToMax, value: [8, 3, 'max'] },
  'a flow that succeeds when retried': {
    flow: stages.retriedFlow,
    value: 9,
    isTopLevel: true,
    isRunOnce: true,
    see: (record) => expect(record.node('double').attempt).toBe(1),
  },

  // Options
  'unknown options of a task': { flow: options.unknownTaskOption, value: refused(3) },
  'unknown options of a flow': { flow: options.unknownFlowOption, value: refused(2) },
  'unknown options in options': { flow: options.unknownNested, value: refused(3) },
  'unknown options at a call': { flow: options.unknownAtCall, value: refused(2) },
  'options of a wrong type': { flow: options.illTyped, value: refused(8) },
  'options out of range': { flow: options.outOfRange, value: refused(4) },
  'a delay beyond its bound': { flow: options.delayBeyondMax, value: refused(2) },
  'a delay within its bound': { flow: options.delayWithinMax, value: ['none', false] },
  'options of features to come': { flow: options.featuresToCome, value: refused(2) },

  // Identities
  'tasks from a factory': { reruns: 'no identity', flow: identities.factory, value: branchTimesTen },
  'tasks from a factory, with keys': { flow: identities.factoryWithKey, value: branchTimesTen },
  'tasks from a factory, with identities': { flow: identities.factoryWithIdentity, value: branchTimesTen },
  'closures as arguments': { reruns: 'no identity', flow: identities.closureArgument, value: branchTimesTen },
  'private state as an argument': {
    reruns: 'no identity',
    flow: identities.privateArgument,
    value: [
      [0, 0],
      [1, 1],
      [2, 2],
    ],
  },
  'equal calls in branches': {
    flow: identities.equalCalls,
    value: [
      [0, 10],
      [1, 10],
      [2, 10],
    ],
  },
  'equal names in equal files of two folders': { flow: identities.equalTexts, value: ['north 1', 'south 1'] },
  'a strict task from a factory': { flow: identities.strictFactory, value: 'UNKEYABLE', isRunOnce: true },
  'a strict task from a factory, with a key': {
    isStrict: true,
    flow: identities.strictFactoryWithKey,
    value: 20,
  },
  'a strict task given a closure': { flow: identities.strictClosure, value: 'UNKEYABLE', isRunOnce: true },
  'a strict task given a closure, with a key': {
    isStrict: true,
    flow: identities.strictClosureWithKey,
    value: 11,
  },
};

type Recorded = Parameters<NonNullable<Program['see']>>[0];

function consumesBoth(record: Recorded): void {
  expect(record.upstream('collect')).toEqual(['add', 'double']);
}

/** The record says what `add` came after, though it consumed nothing. */
function expectAfter(record: Recorded, names: readonly string[]): void {
  const story: object = record.story('add');
  const after = 'after' in story ? (story.after as readonly number[]) : [];
  expect(record.upstream('add')).toEqual([]);
  expect(after.map((idx) => record.node(idx).name)).toEqual(names);
}

/**
 * The classes that modules export, by the prototypes of their instances: how an instance keeps its class between threads.
 * A class is known by the URL of the module that its code stands in and by its own name; each side imports that module,
 * which the program has loaded anyway, and looks among its exports.
 *
 * A module that is still under evaluation cannot be imported: where the flow is awaited at the top level of its module.
 * What is declared there is known to the JavaScript engine by then; see `function-origin.ts`. The thread, which has
 * imported the module to the end, decides whether the class is exported.
 */
import { SiderealError } from '@sidereal/core/errors';
import { ambient } from '../../context/ambient.ts';
import type { ClassAddress, ClassNames } from '../../data/packed-object.ts';
import { moduleUrlOf } from '../../identity/module-url.ts';
import { functionsBeside, scriptOf } from './function-origin.ts';

/** Imports a module, and adds it, unless it cannot be had yet. Rejects if it cannot be had at all. */
export type ImportModule = (url: string) => Promise<void>;

type Class = (...args: never[]) => unknown;

export class ExportedClasses implements ClassNames {
  readonly #import: ImportModule;
  readonly #exports = new Map<string, readonly Class[]>();
  /** Why modules cannot be imported, for messages. */
  readonly #failures = new Map<string, unknown>();
  readonly #loading = new Map<string, Promise<void>>();
  readonly #addresses = new WeakMap<object, ClassAddress>();
  readonly #scripts = new WeakMap<Class, string>();
  readonly #prototypes = new Map<string, object>();

  constructor(importModule: ImportModule) {
    this.#import = importModule;
  }

  /** A module has been imported. */
  add(module: string, namespace: object): void {
    this.#exports.set(module, classesIn(namespace));
  }

  /** Imports a module, so that its classes are at hand. Undefined if that was done. Never rejects. */
  load(module: string): Promise<void> | undefined {
    if (this.#exports.has(module) || this.#failures.has(module) || module === '') return undefined;
    let loading = this.#loading.get(module);
    if (loading === undefined) {
      loading = this.#load(module);
      this.#loading.set(module, loading);
    }
    return loading;
  }

  /** Makes classes ready for `prototypeAt`; undefined if they are. Never rejects. */
  prepare(classes: readonly ClassAddress[]): Promise<void> | undefined {
    const loading = classes.flatMap((address) =>
      this.#find(address) === undefined ? (this.load(address.module) ?? []) : [],
    );
    return loading.length === 0 ? undefined : Promise.all(loading).then(() => undefined);
  }

  addressOf(prototype: object): ClassAddress | undefined {
    const known = this.#addresses.get(prototype);
    if (known !== undefined) return known;
    const ofClass = classWith(prototype);
    if (ofClass === undefined || typeof ofClass.name !== 'string' || ofClass.name === '') return undefined;
    const module = this.#exporterOf(ofClass) ?? this.#moduleOf(ofClass);
    if (module === '') return undefined;
    const classes = this.#exports.get(module);
    if (classes !== undefined && !isToldApart(ofClass, classes)) return undefined;
    if (classes === undefined) void this.load(module);
    const address = { module, name: ofClass.name };
    this.#prototypes.set(keyOf(address), prototype);
    if (classes !== undefined) this.#addresses.set(prototype, address);
    return address;
  }

  prototypeAt(address: ClassAddress, at: string | undefined): object {
    const prototype = this.#find(address);
    if (prototype !== undefined) return prototype;
    const { module, name } = address;
    const isFailed = this.#failures.has(module);
    const why = isFailed ? `${module} cannot be imported there` : `${module} exports no class of that name`;
    throw new SiderealError(
      ambient.isRunnerThread ? 'UNCLONEABLE_ARGUMENT' : 'UNCLONEABLE_RESULT',
      `an instance of ${name} cannot go to another thread: ${why}`,
      {
        at,
        cause: this.#failures.get(module),
        remedy: isFailed
          ? 'Declare the class in a module that can be imported on its own, without work at module level.'
          : 'Export the class from the module that declares it, or pass plain data.',
      },
    );
  }

  #find(address: ClassAddress): object | undefined {
    const key = keyOf(address);
    const classes = this.#exports.get(address.module);
    const known = this.#prototypes.get(key);
    if (known !== undefined && (classes === undefined || this.#addresses.has(known))) return known;
    const found = (classes ?? declaredIn(address.module)).filter(({ name }) => name === address.name);
    const prototype: unknown = found.length === 1 ? found[0]?.prototype : undefined;
    if (typeof prototype !== 'object' || prototype === null) return undefined;
    this.#prototypes.set(key, prototype);
    if (classes !== undefined) this.#addresses.set(prototype, address);
    return prototype;
  }

  async #load(module: string): Promise<void> {
    try {
      await this.#import(module);
    } catch (cause) {
      this.#failures.set(module, cause);
    }
    this.#loading.delete(module);
  }

  /** One of the modules at hand that exports the class. */
  #exporterOf(ofClass: Class): string | undefined {
    for (const [module, classes] of this.#exports) if (classes.includes(ofClass)) return module;
    return undefined;
  }

  #moduleOf(ofClass: Class): string {
    let module = this.#scripts.get(ofClass);
    if (module === undefined) {
      const url = moduleUrlOf(scriptOf(ofClass) ?? '');
      module = /^(?:file|data):/.test(url) ? url : '';
      this.#scripts.set(ofClass, module);
    }
    return module;
  }
}

function keyOf({ module, name }: ClassAddress): string {
  return `${module}#${name}`;
}

function classWith(prototype: object): Class | undefined {
  const ofClass: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  return isFunction(ofClass) && ofClass.prototype === prototype ? ofClass : undefined;
}

/** Is it among these, and the only one of its name? */
function isToldApart(ofClass: Class, classes: readonly Class[]): boolean {
  return (
    classes.includes(ofClass) && classes.every((other) => other === ofClass || other.name !== ofClass.name)
  );
}

function isFunction(value: unknown): value is Class {
  return typeof value === 'function';
}

/** Classes among what a module exports; a CommonJS module exports one object as `default`. */
function classesIn(namespace: object): readonly Class[] {
  const whole: unknown = Reflect.get(namespace, 'default');
  const holders = typeof whole === 'object' && whole !== null ? [namespace, whole] : [namespace];
  return [...new Set(holders.flatMap((holder): unknown[] => Object.values(holder)).filter(isFunction))];
}

/** What stands at the top level of a module that has defined tasks or flows, evaluated to its end or not. */
function declaredIn(module: string): readonly Class[] {
  for (const definition of ambient.registry.values())
    if (definition.module === module && definition.atModuleLevel) return functionsBeside(definition.fn);
  return [];
}

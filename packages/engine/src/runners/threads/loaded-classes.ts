import { ExportedClasses } from '../cloning/exported-classes.ts';

/** How long a module may take to be imported that this thread has loaded already, unless it is still under evaluation. */
const IMPORT_MS = 2000;

/** Those that have begun; one may take until the end of the flow. */
const imports = new Map<string, Promise<void>>();

/** Classes of the modules that the flow's thread has loaded; one for all of its runners. */
export const loadedClasses = new ExportedClasses(async (module) => {
  let importing = imports.get(module);
  if (importing === undefined) {
    importing = import(module).then((namespace: unknown) => {
      if (typeof namespace === 'object' && namespace !== null) loadedClasses.add(module, namespace);
    });
    imports.set(module, importing);
  }
  const over = Promise.withResolvers<void>();
  const timer = setTimeout(() => over.resolve(), IMPORT_MS).unref();
  try {
    await Promise.race([importing, over.promise]);
  } finally {
    clearTimeout(timer);
  }
});

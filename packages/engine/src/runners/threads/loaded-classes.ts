import { ExportedClasses } from '../cloning/exported-classes.ts';

/** How long a module may take to be imported that this thread has loaded already, unless it is still under evaluation. */
const IMPORT_MS = 2000;

/** Classes of the modules that the flow's thread has loaded; one for all of its runners. */
export const loadedClasses = new ExportedClasses(async (module) => {
  const over = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => over.resolve(undefined), IMPORT_MS).unref();
  try {
    const namespace: unknown = await Promise.race([import(module), over.promise]);
    if (typeof namespace === 'object' && namespace !== null) loadedClasses.add(module, namespace);
  } finally {
    clearTimeout(timer);
  }
});

import { userCallFrame } from './call-site.ts';
import { isEvaluatedByModule } from './evaluation-frame.ts';
import { moduleUrlOf, withoutQuery } from './module-url.ts';
import { sourceLine } from './source-line.ts';

/** Where a task or flow is being defined. */
export interface DefinitionSite {
  /** URL of the module; empty if it has none that can be imported. */
  readonly module: string;
  /** `file:line:column`, as people wrote it. */
  readonly at: string;
  /**
   * It stands at the top level of its module, or in a function that was called outside any run, as factories are
   * while their module is loaded. A thread that imports the module is expected to make it, too.
   */
  readonly atModuleLevel: boolean;
  readonly origin: DefinitionOrigin;
}

/** What proves that a definition is the same one in every process that loads its module. */
export interface DefinitionOrigin {
  /** The position in the code that runs; one for all instances of a module. */
  readonly site: string;
  /** Why it is not proven, in words; undefined if it is, as long as the site is evaluated once. */
  readonly unstableBecause: string | undefined;
}

/** Finds it from the stack, for `task()` and `flow()`. `isInRun`: called from within a run. */
export function findDefinitionSite(isInRun: boolean): DefinitionSite {
  const frame = userCallFrame();
  if (frame === undefined) {
    return {
      module: '',
      at: '',
      atModuleLevel: false,
      origin: { site: '', unstableBecause: 'the line that defines it is not known' },
    };
  }
  const { scriptName: script, lineNumber: line, columnNumber: column, functionName } = frame;
  const module = moduleUrlOf(script);
  // Where the stack does not tell, a frame without a name counts as the module's, but not in a run: a flow's body
  // has none either, as a rule.
  const isModuleLevel = isEvaluatedByModule() ?? (functionName === '' && !isInRun);
  return {
    module,
    at: sourceLine({ script, line, column }),
    atModuleLevel: module !== '' && (isModuleLevel || !isInRun),
    origin: {
      site: `${module === '' ? script : withoutQuery(module)}:${line}:${column}`,
      unstableBecause: doubt(script, isModuleLevel),
    },
  };
}

function doubt(script: string, isModuleLevel: boolean): string | undefined {
  if (script.startsWith('REPL')) return 'it was typed into a REPL';
  return isModuleLevel ? undefined : 'it is defined inside a function';
}

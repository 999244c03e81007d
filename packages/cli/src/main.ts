#!/usr/bin/env node
/** The command `sidereal`. Loads nothing before it knows that this Node.js can run it. */
const LEAST_NODE = 24;

if (Number.parseInt(process.versions.node, 10) < LEAST_NODE) {
  process.stderr.write(
    `UNSUPPORTED_NODE  sidereal needs Node.js ${LEAST_NODE} or later, this is ${process.version} (${process.execPath})\n` +
      `  remedy  Install it from https://nodejs.org, or run \`npx --package node@${LEAST_NODE} sidereal …\`.\n`,
  );
  process.exitCode = 2;
} else {
  const { commandLine } = await import('./program/command-line.ts');
  await commandLine(process.argv.slice(2));
}

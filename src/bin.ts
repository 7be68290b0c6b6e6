#!/usr/bin/env node
// Looks at the Node version before anything that would not even load on an older one.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`fleetvisor needs Node 20.19 or newer; this is ${process.versions.node}\n`);
  process.exitCode = 1;
} else if (process.argv[2] === 'hub') {
  const { nativeProblem } = await import('./hub/native-problem.ts');
  try {
    const { hubMain } = await import('./main.ts');
    await hubMain(process.argv.slice(3));
  } catch (error) {
    const says = nativeProblem(error);
    if (says === null) throw error;
    process.stderr.write(`fleetvisor hub: ${says}\n`);
    process.exit(1); // Node would go on to print the stack of the module that did not load
  }
} else {
  const { runCli } = await import('./cli/main.ts');
  process.exitCode = await runCli(process.argv.slice(2), {
    env: process.env,
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
  });
}

export {};

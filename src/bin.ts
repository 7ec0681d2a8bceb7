#!/usr/bin/env node
// No static import: Node links imports before it runs the check.
if (Number(process.versions.node.split(".")[0]) < 24) {
  process.stderr.write(
    "orch-sync needs Node.js 24 or later; this is " +
      process.versions.node +
      " (" +
      process.execPath +
      ").\nInstall it from https://nodejs.org, or beside your project: npm install --save-dev node@24\n",
  );
  process.exitCode = 1;
} else {
  process.exitCode = await (await import("./cli/main.ts")).main(process.argv.slice(2), process);
  // A TLS handshake that nobody answers outlives the call that gave it up, and would keep the process for seconds. What is
  // still to be written is waited for: on Windows a pipe is not written at once.
  setInterval(() => {
    if (process.stdout.writableLength + process.stderr.writableLength === 0) process.exit();
  }, 500).unref();
}

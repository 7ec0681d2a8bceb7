import { existsSync } from "node:fs";
import { chromium, type Browser } from "playwright-core";

/** Where Debian, Alpine, Chrome's own packages and macOS have it. */
const places = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** Starts the Chromium of this machine: none is downloaded. @throws Error that says how to get one */
export async function startChromium(): Promise<Browser> {
  const wanted = process.env["CHROMIUM"];
  const executablePath = wanted ?? places.find((place) => existsSync(place));
  if (executablePath === undefined || !existsSync(executablePath)) {
    throw new Error(
      `there is no Chromium at ${wanted ?? places.join(", ")}: install it (Debian: apt-get install chromium), or set CHROMIUM`,
    );
  }
  // Within containers there is no sandbox of Chromium's own; the pages are ours, and hold what hostile texts they may.
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
}

import { readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startChromium } from "./browser.ts";
import * as samples from "./samples.ts";

const widths = [1280, 400];
const schemes = ["light", "dark"] as const;
const origin = "http://pages.invalid/";

/** What is wrong with a page, in words; `texts` is how many there were to look at. */
interface Found {
  readonly texts: number;
  readonly wider: string[];
  readonly small: string[];
  readonly faint: string[];
  readonly overlapping: string[];
}
const look = readFileSync(new URL("look.js", import.meta.url), "utf8");

let browser: Browser;
beforeAll(async () => {
  browser = await startChromium();
});
afterAll(async () => {
  await browser.close();
});

/** The page as a browser shows it, and every request that it makes besides. */
async function opened(html: string): Promise<{ page: Page; left: string[] }> {
  const page = await browser.newPage({ viewport: { width: 400, height: 900 } });
  const left: string[] = [];
  page.on("dialog", (dialog) => left.push(dialog.message()));
  page.on("pageerror", (error) => left.push(error.message));
  page.on("console", (message) => left.push(message.text())); // what a policy forbids is told there
  await page.route("**/*", async (route) => {
    const url = route.request().url();
    if (url === origin) return route.fulfill({ body: html, contentType: "text/html; charset=utf-8" });
    left.push(url);
    return route.abort();
  });
  await page.goto(origin);
  return { page, left };
}

describe.each(Object.entries(samples))("%s", (name, draw) => {
  it("is readable, wide and narrow, light and dark, and asks the network for nothing", async () => {
    const { page, left } = await opened(draw());
    expect(await page.title()).toMatch(/^(?:Plan for|Apply to) /);
    const all = schemes.flatMap((colorScheme) => widths.map((width) => ({ colorScheme, width })));
    for (const { colorScheme, width } of all) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      const found = await page.evaluate<Found>(look);
      expect({ name, width, colorScheme, left, ...found }).toEqual({
        name,
        width,
        colorScheme,
        left: [],
        texts: expect.any(Number),
        wider: [],
        small: [],
        faint: [],
        overlapping: [],
      });
      expect(found.texts).toBeGreaterThan(10);
    }
    await page.close();
  });
});

it("a judge that sees nothing would say nothing: each fault is found", async () => {
  const faulty = `<!doctype html><html lang="en"><title>x</title><body style="background:#fff">
    <p style="width:3000px">wide</p><p style="font-size:9px">small</p><p style="color:#bbb">faint</p>
    <p style="position:absolute;top:300px">one</p><p style="position:absolute;top:302px">other</p>
    <img src="//elsewhere.invalid/x.png">`;
  const { page, left } = await opened(faulty);
  const found = await page.evaluate<Found>(look);
  expect(left).toContain("http://elsewhere.invalid/x.png");
  expect(found.wider).not.toEqual([]);
  expect(found.small).toEqual(['9px: "small"']);
  expect(found.faint).toEqual([expect.stringContaining('"faint"')]);
  expect(found.overlapping).toEqual(['"one" and "other"']);
  await page.close();
});

import { describe, expect, it } from "vitest";
import { DateReader } from "../../../../src/manifest/sources/dates.ts";
import { Zone } from "../../../../src/manifest/sources/zone.ts";

function read(text: string, zone?: string): unknown {
  return new DateReader(zone === undefined ? undefined : Zone.named(zone)).read(text);
}

describe("dates without a zone, in Europe/Bucharest", () => {
  it.each([
    ["2026-03-31", "2026-03-30T21:00:00Z"],
    ["2026/03/31", "2026-03-30T21:00:00Z"],
    ["2026 03 31", "2026-03-30T21:00:00Z"],
    ["2026-01-31 17:05", "2026-01-31T15:05:00Z"],
    ["2026/01/31 17:05:09", "2026-01-31T15:05:09Z"],
    ["2026 01 31 17:05", "2026-01-31T15:05:00Z"],
    ["2026-01-31T17:05", "2026-01-31T15:05:00Z"],
    ["1960-07-01 00:00", "1960-06-30T22:00:00Z"],
  ])("%s is %s", (text, instant) => {
    expect(read(text, "Europe/Bucharest")).toBe(instant);
  });

  it.each([
    ["2026-03-29 02:59:59", "2026-03-29T00:59:59Z"],
    ["2026-03-29 04:00", "2026-03-29T01:00:00Z"],
  ])("%s, beside the hour that the clock leaves out, is %s", (text, instant) => {
    expect(read(text, "Europe/Bucharest")).toBe(instant);
  });

  it.each(["2026-03-29 03:00", "2026-03-29 03:59:59"])(
    "%s does not exist: the clock is put forward over it",
    (text) => {
      expect(read(text, "Europe/Bucharest")).toMatchObject({ predicate: "does not exist in Europe/Bucharest" });
    },
  );

  it.each([
    ["2026-10-25 02:59", "2026-10-24T23:59:00Z"],
    ["2026-10-25 03:00", "2026-10-25T00:00:00Z"],
    ["2026-10-25 03:59", "2026-10-25T00:59:00Z"],
    ["2026-10-25 04:00", "2026-10-25T02:00:00Z"],
  ])("%s, about the hour that comes twice, is %s: the first time counts", (text, instant) => {
    expect(read(text, "Europe/Bucharest")).toBe(instant);
  });
});

describe("a date alone is the first instant of its day", () => {
  it.each([
    ["Africa/Cairo", "2026-04-24", "2026-04-23T22:00:00Z"], // the clock is put forward at midnight
    ["America/Havana", "2026-11-01", "2026-11-01T04:00:00Z"], // and here put back at one: midnight comes twice
    ["Asia/Kathmandu", "2026-01-01", "2025-12-31T18:15:00Z"],
    ["UTC", "2026-01-01", "2026-01-01T00:00:00Z"],
  ])("in %s %s is %s", (zone, text, instant) => {
    expect(read(text, zone)).toBe(instant);
  });
});

it.each([
  ["Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z"],
  ["Pacific/Kwajalein", "1993-08-21", "1993-08-21T12:00:00Z"],
])("in %s the day %s does not exist: the zone moved across the date line", (zone, text, nextDay) => {
  expect(read(text, zone)).toMatchObject({ code: "QI016", predicate: `does not exist in ${zone}` });
  const following = new Date(Date.parse(text) + 86_400_000).toISOString().slice(0, 10);
  expect(read(following, zone)).toBe(nextDay);
});

it("names both forms of a time where both may stand, and tells what is too far from what is no date", () => {
  const dates = new DateReader(undefined);
  expect(dates.readOrRelative("+2d")).toBe("+2d");
  expect(dates.readOrRelative("2d")).toMatchObject({
    predicate: "is no date",
    hint: "write 2026-12-01, 2026-12-01 08:00 or 2026-12-01T08:00:00Z, or +2d (s, m, h or d, up to +36500d)",
  });
  expect(dates.readOrRelative("+99999d")).toMatchObject({ predicate: "is too far in the future" });
  expect(dates.read("2d")).toMatchObject({ hint: "write 2026-12-01, 2026-12-01 08:00 or 2026-12-01T08:00:00Z" });
});

describe("dates with a zone are what they are", () => {
  it.each([
    ["2026-12-01T08:00:00Z", "2026-12-01T08:00:00Z"],
    ["2026-12-01 08:00+02:00", "2026-12-01T06:00:00Z"],
    ["2026-12-01T08:00:00.1234567Z", "2026-12-01T08:00:00.1234567Z"],
  ])("%s", (text, instant) => {
    expect(read(text)).toBe(instant);
    expect(read(text, "Asia/Tokyo")).toBe(instant);
  });
});

it.each([
  "2026-02-30",
  "2026-13-01",
  "2026-01-01 24:00",
  "2026-01-01 10",
  "31.12.2026",
  "12/31/2026",
  "2026-01/02",
  "x",
  " 2026-01-01",
])("%s is no date", (text) =>
  expect(read(text, "UTC")).toMatchObject({ code: "QI016", predicate: "is no date", found: text }),
);

it("wants a zone only where it is needed", () => {
  expect(read("2026-01-01")).toMatchObject({ code: "QI018", predicate: "has no zone" });
});

it("gives the same answer when it is asked again", () => {
  const reader = new DateReader(Zone.named("Europe/Bucharest"));
  const texts = ["2026-03-31", "x", "2026-03-29 03:00"];
  expect(texts.map((text) => reader.read(text))).toEqual(texts.map((text) => reader.read(text)));
});

it.each(["Europe/Bukarest", "+02:00", "", "Mars"])("%s is no zone", (name) => {
  expect(Zone.named(name)).toBeUndefined();
});

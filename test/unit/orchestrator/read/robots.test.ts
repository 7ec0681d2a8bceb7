import { expect, it } from "vitest";
import { findRobot } from "../../../../src/orchestrator/read/robots.ts";

const robots = [
  { id: 1, name: "DocBot", account: "corp\\bot.doc" },
  { id: 2, name: "A", account: "bot.finance" },
  { id: 3, name: "B", account: "Bot.Finance" },
  { id: 4, name: "bot.own", account: "somebody" },
  { id: 5, name: "C", account: "bot.own" },
];

it("finds a robot by its name before an account, in any case", () => {
  expect(findRobot(robots, "docbot")).toMatchObject({ id: 1 });
  expect(findRobot(robots, "CORP\\bot.doc")).toMatchObject({ id: 1 });
  expect(findRobot(robots, "bot.own"), "a name decides").toMatchObject({ id: 4 });
});

it("does not choose among robots of one account, and names what may have been meant", () => {
  expect(findRobot(robots, "bot.finance")).toEqual({ ambiguous: "bot.finance", candidates: ["A", "B"] });
  expect(findRobot(robots, "DocBott")).toEqual({ missing: "DocBott", nearest: "DocBot" });
  expect(findRobot([{ id: 1, name: "X" }], "nobody")).toEqual({ missing: "nobody" });
});

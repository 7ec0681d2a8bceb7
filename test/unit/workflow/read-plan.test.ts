import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ChangeSpool } from "../../../src/core/change-spool.ts";
import type { Change } from "../../../src/core/change.ts";
import { planLines } from "../../../src/core/plan-file.ts";
import { SecretValue, secretsIn, type JsonWithSecrets } from "../../../src/core/secret.ts";
import { readPlan } from "../../../src/workflow/files/read-plan.ts";
import { withSecretsOfPlan } from "../../../src/workflow/saved/with-secrets.ts";
import { reconcileItem } from "../../../src/kinds/queue-items/reconcile.ts";
import { temporaryFolder } from "../../support/cli.ts";
import { entry } from "../../support/desired.ts";
import { keyOf, planOf, resource } from "../views/sample.ts";

const key = keyOf("QueueItems", "march");
const rules = {
  onDrift: "update",
  recreateDeleted: false,
  seedingOver: false,
  sensitive: new Set<string>(),
  secretKeys: new Set(["Token"]),
} as const;

it("holds neither the changes of a large plan nor a secret more than once, and writes it as it was", async () => {
  const token = new SecretValue("s3cret", "${secret:TOKEN}", ["s3cret"], "${secret:TOKEN}");
  const changes = Array.from({ length: 5000 }, (_, n): Change => {
    return reconcileItem(key, entry(`INV-${n}`, { content: { Token: token, n } }), [], rules);
  });
  const text = [...planLines(planOf([resource("QueueItems", "march", "queue Q", changes)]))].join("");
  const file = join(temporaryFolder(), "p.plan");
  writeFileSync(file, text);
  const plan = await readPlan(file, "p.plan");
  const secretsOf = (list: Iterable<Change>): Set<SecretValue> =>
    new Set(
      Iterator.from(list).flatMap((change) =>
        secretsIn((change as { after: JsonWithSecrets }).after).map(({ secret }) => secret),
      ),
    );
  const [read] = plan.resources;
  expect([read?.changes instanceof ChangeSpool, secretsOf(read?.changes ?? []).size]).toEqual([true, 1]);
  expect([...planLines(plan)].join("") === text).toBe(true);
  const [resumed] = withSecretsOfPlan(plan, { env: { TOKEN: "anew" }, variables: new Map() }).plan.resources;
  const [found] = secretsOf(resumed?.changes ?? []);
  expect([resumed?.changes instanceof ChangeSpool, found?.reveal()]).toEqual([true, "anew"]);
});

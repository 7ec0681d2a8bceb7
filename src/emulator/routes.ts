import type { Route } from "./http/route.ts";
import { addItemRoutes } from "./handlers/add-items.ts";
import { changeItemRoutes } from "./handlers/change-items.ts";
import { commentRoutes } from "./handlers/comments.ts";
import { readRoutes } from "./handlers/read.ts";
import { startJobRoutes } from "./handlers/start-jobs.ts";
import { stopJobRoutes } from "./handlers/stop-jobs.ts";

/** Every path under `/odata/` that is answered, as method and pattern. */
export const routes: Readonly<Record<string, Route>> = {
  ...readRoutes,
  ...addItemRoutes,
  ...changeItemRoutes,
  ...commentRoutes,
  ...startJobRoutes,
  ...stopJobRoutes,
};

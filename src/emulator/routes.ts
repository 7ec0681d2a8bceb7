import type { Route } from "./http/route.ts";
import { addItemRoutes } from "./handlers/add-items.ts";
import { changeItemRoutes } from "./handlers/change-items.ts";
import { attemptRoutes } from "./handlers/attempts.ts";
import { commentRoutes } from "./handlers/comments.ts";
import { assetRoutes } from "./handlers/assets.ts";
import { folderNavigationRoutes } from "./handlers/folder-navigation.ts";
import { folderUserRoutes } from "./handlers/folder-users.ts";
import { folderRoutes } from "./handlers/folders.ts";
import { queueCommandRoutes } from "./handlers/queue-commands.ts";
import { queueRecordRoutes } from "./handlers/queue-records.ts";
import { queueRoutes } from "./handlers/queues.ts";
import { readRoutes } from "./handlers/read.ts";
import { releaseRoutes } from "./handlers/releases.ts";
import { restartJobRoutes } from "./handlers/restart-jobs.ts";
import { retentionRoutes } from "./handlers/retention.ts";
import { transactionRoutes } from "./handlers/transactions.ts";
import { startJobRoutes } from "./handlers/start-jobs.ts";
import { stopJobRoutes } from "./handlers/stop-jobs.ts";

/** Every path under `/odata/` and `/api/` that is answered, as method and pattern. */
export const routes: Readonly<Record<string, Route>> = {
  ...readRoutes,
  ...addItemRoutes,
  ...changeItemRoutes,
  ...attemptRoutes,
  ...commentRoutes,
  ...transactionRoutes,
  ...retentionRoutes,
  ...startJobRoutes,
  ...stopJobRoutes,
  ...restartJobRoutes,
  ...queueRoutes,
  ...queueCommandRoutes,
  ...queueRecordRoutes,
  ...releaseRoutes,
  ...assetRoutes,
  ...folderRoutes,
  ...folderUserRoutes,
  ...folderNavigationRoutes,
};

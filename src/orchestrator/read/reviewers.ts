import { sameName } from "../../core/fold.ts";
import type { Ambiguous } from "../../kinds/live.ts";
import type { LiveReviewer, Unfit } from "../../kinds/review/live.ts";
import { nameListing, type Pager } from "./pages.ts";
import { text, type Row } from "./row.ts";

export interface ReviewerRow extends LiveReviewer {
  /** User name, e-mail address and full name: what a manifest may call the person. */
  readonly names: readonly string[];
  /** What the row is of, where it is no person. */
  readonly unfit?: string;
}

const people: ReadonlySet<string> = new Set(["User", "DirectoryUser"]);

/** Who may review in the folder. The answer holds groups and robots too, whom the server then refuses (field report). */
export async function readReviewers(pager: Pager, folder: number, signal: AbortSignal): Promise<ReviewerRow[]> {
  const path = "/odata/QueueItems/UiPath.Server.Configuration.OData.GetReviewers()";
  const rows = await pager.all(nameListing(path, signal, folder));
  return rows.map(toReviewer);
}

function toReviewer(row: Row): ReviewerRow {
  const type = text(row, "Type") ?? "User";
  const full = text(row, "FullName") ?? [text(row, "Name"), text(row, "Surname")].filter(Boolean).join(" ");
  const names = [text(row, "UserName"), text(row, "EmailAddress"), full].filter((name) => name !== null && name !== "");
  return {
    id: row.Id,
    userName: names[0] ?? `user ${row.Id}`,
    names: names as string[],
    ...(people.has(type) ? {} : { unfit: type }),
  };
}

/** A user name decides before an address or a full name: two people may share the latter. People go before others. */
export function findReviewer(rows: readonly ReviewerRow[], name: string): LiveReviewer | Ambiguous | Unfit | undefined {
  const called = rows.filter((row) => row.names.some((each) => sameName(each, name)));
  const reviewers = called.filter(({ unfit }) => unfit === undefined);
  const exact = reviewers.filter(({ userName }) => sameName(userName, name));
  const found = exact.length > 0 ? exact : reviewers;
  const [only, ...others] = found;
  const [other] = called;
  if (only === undefined) return other?.unfit === undefined ? undefined : { unfit: name, type: other.unfit };
  if (others.length > 0) return { ambiguous: name, candidates: found.map(({ userName }) => userName) };
  return { id: only.id, userName: only.userName };
}

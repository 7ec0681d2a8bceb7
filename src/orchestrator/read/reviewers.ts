import { fold } from "../../core/fold.ts";
import type { Ambiguous, LiveReviewer } from "../../kinds/review/live.ts";
import { nameListing, type Pager } from "./pages.ts";
import { text } from "./row.ts";

export interface ReviewerRow extends LiveReviewer {
  /** User name, e-mail address and full name: what a manifest may call the person. */
  readonly names: readonly string[];
}

const people: ReadonlySet<string> = new Set(["User", "DirectoryUser"]);

/** Who may review in the folder. The answer holds groups and robots too, whom the server then refuses (field report). */
export async function readReviewers(pager: Pager, folder: number, signal: AbortSignal): Promise<ReviewerRow[]> {
  const path = "/odata/QueueItems/UiPath.Server.Configuration.OData.GetReviewers()";
  const rows = await pager.all(nameListing(path, signal, folder));
  return rows
    .filter((row) => people.has(text(row, "Type") ?? "User"))
    .map((row) => {
      const full = text(row, "FullName") ?? [text(row, "Name"), text(row, "Surname")].filter(Boolean).join(" ");
      const names = [text(row, "UserName"), text(row, "EmailAddress"), full].filter(
        (name) => name !== null && name !== "",
      );
      return { id: row.Id, userName: names[0] ?? `user ${row.Id}`, names: names as string[] };
    });
}

/** A user name decides before an address or a full name: two people may share the latter. */
export function findReviewer(reviewers: readonly ReviewerRow[], name: string): LiveReviewer | Ambiguous | undefined {
  const wanted = fold(name);
  const exact = reviewers.filter((reviewer) => fold(reviewer.userName) === wanted);
  const found =
    exact.length > 0 ? exact : reviewers.filter((reviewer) => reviewer.names.some((each) => fold(each) === wanted));
  const [only, ...others] = found;
  if (only === undefined) return undefined;
  if (others.length > 0) return { ambiguous: name, candidates: found.map(({ userName }) => userName) };
  return { id: only.id, userName: only.userName };
}

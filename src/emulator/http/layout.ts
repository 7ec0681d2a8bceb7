import type { Edition } from "../editions.ts";

/** Where a path leads. */
export type Place =
  /** Orchestrator itself; `path` is the path below its base. */
  | { readonly kind: "orchestrator"; readonly path: string }
  /** The identity server's token endpoint. */
  | { readonly kind: "token"; readonly path: string }
  /** Neither: behind a cloud or a suite it is the portal's, which answers every path with its page. */
  | { readonly kind: "portal"; readonly path: string };

/** Which paths lead where. */
export interface Layout {
  /** The base path: empty, or with a slash in front and none at its end. */
  readonly base: string;
  readonly tenant: string;
  locate(path: string): Place;
  /** Whether the header `X-UIPATH-TenantName` leads here: on premises it may name the tenant, elsewhere the path does. */
  isTenant(header: string | readonly string[] | undefined): boolean;
}

interface LayoutOptions {
  readonly edition: Edition;
  /** `suite`: an Automation Suite, whose paths are those of the cloud. */
  readonly name: "suite" | undefined;
  readonly organization: string;
  readonly tenant: string;
}

/**
 * The layout of an edition. On premises the base is the root and the identity server lies under `/identity`; in the
 * cloud and in an Automation Suite organization and tenant come first, and the identity server is `/identity_` at the
 * root of the host. The cloud also answers without `/orchestrator_`, a suite does not (field report).
 */
export function layoutOf({ edition, name, organization, tenant }: LayoutOptions): Layout {
  if (!edition.inCloud && name === undefined) return atRoot(tenant);
  const owner = [organization, tenant];
  const short = `/${owner.map(encodeURIComponent).join("/")}`;
  return {
    base: `${short}/orchestrator_`,
    tenant,
    isTenant: () => true,
    locate: (path) => locateBelow(path, owner, edition.inCloud),
  };
}

const endpoint = "connect/token";

function atRoot(tenant: string): Layout {
  return {
    base: "",
    tenant,
    locate: (path) => ({ kind: path === `/identity/${endpoint}` ? "token" : "orchestrator", path }),
    isTenant: (header) => header === undefined || String(header).toLowerCase() === tenant.toLowerCase(),
  };
}

function locateBelow(path: string, [organization = "", tenant = ""]: readonly string[], inCloud: boolean): Place {
  const portal: Place = { kind: "portal", path };
  if (path.startsWith("/__emulator/")) return { kind: "orchestrator", path }; // ours, at the root as well
  if (path === `/identity_/${endpoint}`) return { kind: "token", path };
  const [first = "", second = "", third = "", ...rest] = path.slice(1).split("/");
  if (!isName(first, organization)) return portal;
  if (inCloud && [second, third, ...rest].join("/") === `identity_/${endpoint}`) return { kind: "token", path };
  if (!isName(second, tenant)) return portal;
  const isNamed = third.toLowerCase() === "orchestrator_";
  if (!isNamed && !inCloud) return portal;
  const below = `/${(isNamed ? rest : [third, ...rest]).join("/")}`;
  // What lies below the base and is no call of the API is a path of the web page.
  return /^\/(?:odata|api|__emulator)\//i.test(below) ? { kind: "orchestrator", path: below } : portal;
}

/** Organizations and tenants are found in any case. */
function isName(segment: string, name: string): boolean {
  try {
    return decodeURIComponent(segment).toLowerCase() === name.toLowerCase();
  } catch {
    return false;
  }
}

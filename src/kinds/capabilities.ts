/**
 * What each version of the API has, in one table: it decides what is sent and what a manifest may ask for. A body with
 * one member that the server's version lacks does not bind at all (field reports), so nothing else decides it.
 */

/** Versions whose fields are known. 15 is Orchestrator 2022.10, 16 is 2023.4, 17 is 2023.10 and 25.10, 20 the cloud. */
const knownVersions = [11, 13, 15, 16, 17, 18, 19, 20] as const;

type ApiVersion = (typeof knownVersions)[number];

const newest: ApiVersion = 20;

const products: Readonly<Record<ApiVersion, string>> = {
  11: "Orchestrator 2020.10",
  13: "Orchestrator 2021.10",
  15: "Orchestrator 2022.4 or 2022.10",
  16: "Orchestrator 2023.4",
  17: "Orchestrator 2023.10 to 2025.10",
  18: "Automation Cloud as of 2024",
  19: "Automation Cloud as of 2025",
  20: "Automation Cloud",
};

/** What people call a server of this version, as far as it is known (field reports). */
export function productOf(apiVersion: number): string {
  const known = products[apiVersion as ApiVersion] as string | undefined;
  return known ?? "no version that orch-sync knows: it is taken for the one before";
}

/** Writes before this lack what exactly-once rests on: `BatchExecutionKey` of a start, for one. */
export const oldestWritable: ApiVersion = 15;

/**
 * The first version that has a member; of each body that orch-sync sends, every member that it may send (OpenAPI 15.0
 * to 20.0, Swagger 2020.10; 19 by field reports).
 */
const since = {
  QueueItemDataDto: {
    Name: 11,
    Reference: 11,
    Priority: 11,
    DeferDate: 11,
    DueDate: 11,
    RiskSlaDate: 11,
    Progress: 11,
    SpecificContent: 11,
    Source: 17,
    ParentOperationId: 18,
  },
  StartProcessDto: {
    ReleaseKey: 11,
    Strategy: 11,
    RobotIds: 11,
    JobsCount: 11,
    NoOfRobots: 11,
    InputArguments: 11,
    Reference: 11,
    RuntimeType: 11,
    JobPriority: 11,
    BatchExecutionKey: 15,
    SpecificPriorityValue: 15,
    MachineRobots: 15,
    RunAsMe: 15,
    RequiresUserInteraction: 15,
    StopProcessExpression: 15,
    StopStrategy: 15,
    KillProcessExpression: 15,
    ParentOperationId: 18,
    EntryPointPath: 19,
    EnvironmentVariables: 19,
    ReleaseName: 20,
    InputFile: 20,
  },
} satisfies Readonly<Record<string, Readonly<Record<string, ApiVersion>>>>;

type SentBody = keyof typeof since;
type SentMember<Body extends SentBody> = keyof (typeof since)[Body] & string;

/** A body as it may be sent to some version. What is undefined is not sent. */
export type Sent<Body extends SentBody> = { readonly [Name in SentMember<Body>]?: unknown };

/**
 * Runtimes that came later than API 15 (OpenAPI 16.0 and 20.0; what came between is counted as 20). Others are as old,
 * or newer than this table: those are the server's to judge.
 */
const runtimesSince: Readonly<Record<string, ApiVersion>> = {
  ServerlessTestAutomation: 16,
  AutomationCloudTestAutomation: 16,
  AttendedStudioWeb: 20,
  Hosting: 20,
  AssistantWeb: 20,
  ProcessOrchestration: 20,
  AgentService: 20,
  AppTest: 20,
  PerformanceTest: 20,
};

/** What no document tells of a server, as far as somebody has asked it. What is left out, asking tells in each run. */
export interface ProbedFilters {
  /** `Reference in (…)` on queue items. */
  readonly referenceIn?: boolean;
  /** `startswith(Reference,…)` on queue items. */
  readonly startsWith?: boolean;
  /** `Reference eq …` on jobs. */
  readonly jobReference?: boolean;
  /** `BatchExecutionKey eq …` on jobs. */
  readonly jobBatchKey?: boolean;
}

/** How a write with an old RowVersion is turned away; `none`: it is carried out. */
export type RowVersionConflict = "409" | "failedItems" | "none";

/** What `doctor --probe` has found out, as a target keeps it. */
export interface ProbedCapabilities extends ProbedFilters {
  /** The version that the server had: for another one none of it holds. */
  readonly apiVersion: number;
  readonly queueItemsPage?: number;
  readonly rowVersionConflict?: RowVersionConflict;
}

/** What one server can do. */
export interface Capabilities {
  /** The version that it is taken for: of a server between two known ones, the lower. */
  readonly version: ApiVersion;
  readonly canWrite: boolean;
  /** Rows of a list of queue items at most; more is an error (OpenAPI 16.0 and 20.0). */
  readonly queueItemsPage: number;
  /** Bytes of a query string at most: IIS allows 2,048, the cloud's gateway more. */
  readonly queryBytes: number;
  readonly filters: ProbedFilters;
}

/** What a server that does not name its version is taken for. Its pages may be short all the same. */
export const assumedVersion: ApiVersion = 16;

export function capabilitiesOf(apiVersion: number | undefined, kept?: ProbedCapabilities): Capabilities {
  const said = apiVersion ?? assumedVersion;
  const version = knownVersions.findLast((known) => known <= said) ?? knownVersions[0];
  const probed = kept?.apiVersion === apiVersion ? kept : undefined;
  const queueItemsPage = version >= 18 || apiVersion === undefined ? 100 : 1000;
  return {
    version,
    canWrite: version >= oldestWritable,
    queueItemsPage: probed?.queueItemsPage ?? queueItemsPage,
    queryBytes: version >= 18 ? 8000 : 2000,
    filters: probed ?? {},
  };
}

/**
 * The members of a body that the server's version has: the others are left out rather than making it unreadable. What a
 * manifest asks for is blocked in the plan where it would be left out, see `lacking`.
 */
export function sendable<Body extends SentBody>(
  { version }: Pick<Capabilities, "version">,
  body: Body,
  members: Sent<Body>,
): Record<string, unknown> {
  const table: Readonly<Record<string, ApiVersion>> = since[body];
  const sent: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(members)) {
    if (value !== undefined && (table[name] ?? newest) <= version) sent[name] = value;
  }
  return sent;
}

/** What a manifest uses that not every version has: members of a body by the field that sets them. */
export interface Needs<Body extends SentBody> {
  readonly body: Body;
  readonly members: Readonly<Record<string, SentMember<Body>>>;
  readonly runtimeType?: string | undefined;
}

/** Something of a manifest that the server's version does not have. */
export interface Lacking {
  readonly field: string;
  /** As a message names it: `runtimeType PerformanceTest`. */
  readonly what: string;
  /** The first version that has it. */
  readonly version: ApiVersion;
}

export function lacking<Body extends SentBody>(needs: Needs<Body>, apiVersion: number): Lacking[] {
  const { version } = capabilitiesOf(apiVersion);
  const table: Readonly<Record<string, ApiVersion>> = since[needs.body];
  const members = Object.entries(needs.members).map(([field, member]): Lacking => {
    return { field, what: field, version: table[member] ?? newest };
  });
  const { runtimeType } = needs;
  const known = runtimeType === undefined ? undefined : runtimesSince[runtimeType];
  const runtimes: Lacking[] =
    known === undefined ? [] : [{ field: "runtimeType", what: `runtimeType ${runtimeType}`, version: known }];
  return [...members, ...runtimes].filter((need) => need.version > version);
}

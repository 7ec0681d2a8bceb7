/** A call that is refused: what Orchestrator answers instead of a result. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly errorCode: number;

  constructor(status: number, errorCode: number, message: string) {
    super(message);
    this.status = status;
    this.errorCode = errorCode;
  }
}

/**
 * The refusals that Orchestrator knows by name. Numbers come from answers that others printed; where only the name
 * is known (error names of the contract), the number is InvalidArgument's and the name stands in the message.
 * A refusal by the state of things is a 409, as the contract has it for items, schemas and robots.
 */
const refusals = {
  InvalidODataRequest: [400, 1000],
  ItemNotFound: [404, 1002],
  InvalidArgument: [400, 1009],
  DuplicateReference: [409, 1016], // status by analogy; the number is what clients rely on
  EntryPointNotValidForRelease: [400, 1009],
  FieldNotEditable: [400, 1024], // number from the order of the contract's enumeration
  InvalidOrganizationUnit: [400, 1100],
  RequiredOrganizationUnit: [400, 1101],
  PendingJobsAlreadyExist: [409, 1670],
  InvalidStartJobRobotIds: [409, 1671], // number from the order of the contract's enumeration
  ArgumentValidation: [400, 1009],
  NameAlreadyUsed: [409, 1001], // the number is the response codes page's, the status by analogy with other conflicts
  ForbiddenOperation: [403, 1017],
  AssetNotAvailableForRobot: [404, 1009], // status from the contract: GetRobotAsset
  AssetTypeNonUpdatable: [400, 1009],
  CannotChangeFolderFeedType: [400, 1009],
  CannotChangeFolderPermissionModel: [400, 1009],
  CannotChangeRobotProvisionType: [400, 1009],
  CannotCreateClassicEntities: [400, 1009],
  CannotDeleteEntitiesInHierarchy: [409, 1009],
  MandatoryPropertiesForRootFolderNotSpecified: [400, 1009],
  ModernFoldersCannotInheritRolesFromTenant: [400, 1009],
  CannotEditFolderParent: [400, 1009],
  CannotRestartUnfinishedJob: [409, 1009],
  FolderTypeMismatch: [409, 1009], // status from the contract: ShareToFolders of assets
  HasDependentItems: [409, 1009],
  HasRunningJobs: [409, 1009],
  InvalidFolderDisplayName: [400, 1009],
  InvalidJobStateForSuspend: [409, 1009],
  InvalidQueueSchemaDefinition: [400, 1009],
  InvalidQueueSchemaType: [400, 1009],
  NoHierarchyAllowedForClassicFolders: [400, 1009],
  PackageNotFound: [404, 1009],
  QueueDefinitionParametersCannotChange: [400, 1009],
  QueueSchemaDefinitionNotFound: [404, 1009],
  SlaEnableQueueDefinitionFailure: [400, 1009],
  VersionNotFound: [404, 1009],
  CannotSetMachineRobots: [400, 1009],
  JobCannotBeCancelled: [409, 1009],
  MaxNumberJobsAlreadyExist: [409, 1009],
  NoRobotsAvailable: [409, 1009],
  QueueItemContentSizeExceeded: [400, 1009],
  QueueItemProgressDataSizeExceeded: [400, 1009],
  QueueItemConflict: [409, 1009],
  QueueItemInvalidTransitionFromFinalStatus: [409, 1009],
  QueueItemOutputDataSizeExceeded: [400, 1009],
  QueueItemAnalyticsDataSizeExceeded: [400, 1009],
  TransactionNotStarted: [409, 1009],
  QueueItemSchemaViolationException: [409, 1009],
  ReviewerNotAvailable: [400, 1009],
  StrategyNotAvailableInClassicFolder: [400, 1009],
  StrategyNotAvailableInModernFolder: [400, 1009],
  TransactionReferenceRequired: [400, 1009],
} as const satisfies Readonly<Record<string, readonly [status: number, errorCode: number]>>;

export type RefusalName = keyof typeof refusals;

/** A named refusal; bulk answers give the name instead of the number. */
export class Refusal extends ApiError {
  readonly reason: RefusalName;

  constructor(reason: RefusalName, message: string) {
    const [status, errorCode] = refusals[reason];
    super(status, errorCode, message);
    this.reason = reason;
  }
}

/** A call that its caller may not make: a permission or a scope is missing. Which one the server does not say. */
export class Forbidden extends ApiError {
  constructor() {
    super(403, 0, "You are not authorized!");
  }
}

/** A folder that is not there, or that the caller does not see: the server does not tell one from the other. */
export function noSuchFolder(): Refusal {
  return new Refusal(
    "InvalidOrganizationUnit",
    "Folder does not exist or the user does not have access to the folder.",
  );
}

/** What the server says when a body does not bind to its parameter, most often for one unknown member. */
export function unbound(parameter: string): ApiError {
  return new ApiError(400, 0, `${parameter} must not be null`);
}

export function notFound(what: string): ApiError {
  return new Refusal("ItemNotFound", `${what} does not exist.`);
}

/** A query option that the server does not take; `at` is the position in the option's text. */
export function invalidQuery(detail: string, at?: number): ApiError {
  const position = at === undefined ? "" : ` (at position ${at})`;
  return new Refusal("InvalidODataRequest", `Invalid OData query options. ${detail}${position}`);
}

/** The refusal that some work ends with, if it does: one row of a bulk call fails, the others go on. */
export function refusalOf(work: () => void): Refusal | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

import type { KnownFault } from "../support/judge/verdict.ts";

/**
 * Where the OpenAPI documents are wrong and the wire is right. Every row must be met by the traffic of the tests: what
 * nothing meets is a row that hides something, and fails the run.
 */
const all = ["15.0", "16.0", "20.0"];
const older = ["15.0", "16.0"];
const newer = ["16.0", "20.0"];
const cloud = ["20.0"];

const jobsPages = "Jobs requests, 2022.10: what has no value is null in the printed answers.";
const transactionsPages = "Transactions requests, 2023.4: what has no value is null in the printed answers.";
const clients = "UiPath's own SDKs type the members of this answer as nullable.";

/** Members that are null on the wire and not nullable in the documents; without names, the whole object. */
function nulls(versions: readonly string[], schema: string, evidence: string, members = ""): readonly KnownFault[] {
  const places = members === "" ? [schema] : members.split(" ").map((member) => `${schema}/${member}`);
  return places.map((at) => ({ versions, at, rule: "null", evidence }));
}

/** Paths that are real and that the documents, or the copies of them that are handed around, leave out. */
function paths(versions: readonly string[], evidence: string, ...operations: string[]): readonly KnownFault[] {
  return operations.map((operation) => ({ versions, at: "path", rule: "unknown", operation, evidence }));
}

export const knownFaults: readonly KnownFault[] = [
  {
    versions: all,
    at: "status of an error",
    rule: "unknown",
    evidence: "The documents list errors for a few operations only; every operation answers 400, 401 and 403.",
  },
  {
    versions: newer,
    at: "header x-uipath-organizationunitid",
    rule: "missing",
    operation: "GET /odata/QueueDefinitions",
    evidence:
      "mandatoryPermissions of the same operation is about cross-folder requests, which have no such header; 15.0 does not ask for it.",
  },
  {
    versions: older,
    at: "body of an error",
    rule: "unknown",
    evidence: "Errors have a message and an errorCode (field report: six shapes of error bodies).",
  },
  {
    versions: older,
    at: "status 200",
    rule: "unknown",
    operation: "POST /odata/Queues/UiPathODataSvc.AddQueueItem",
    evidence: "Transactions requests, 2023.4: the answer is 200, the document says 201.",
  },
  {
    versions: older,
    at: "status 200",
    rule: "unknown",
    operation: "POST /odata/Jobs/UiPath.Server.Configuration.OData.StartJobs",
    evidence: "Jobs requests, 2022.10: the answer is 200, the document says 201.",
  },
  ...["Success", "Message", "FailedItems"].map((member) => ({
    versions: older,
    at: `BulkOperationResponseDtoOfFailedQueueItemDto/${member}`,
    rule: "unknown",
    evidence: "Transactions requests, 2023.4: the printed answer has capitals. OpenAPI 20.0 has them as well.",
  })),
  ...[
    "QueueItemDataDto/SpecificContent",
    "QueueItemDto/SpecificContent",
    "QueueItemDto/Output",
    "QueueItemDto/Analytics",
  ].map((map) => ({
    versions: all,
    at: `${map}/*`,
    rule: "type",
    evidence: "Transactions requests, 2023.4: content is a map of texts, numbers and truth values, not of objects.",
  })),
  {
    versions: older,
    at: "AjaxResponse/result",
    rule: "type",
    evidence: "The token is a text (on-premises clients read it from result), not an object.",
  },
  {
    versions: newer,
    at: "header content-type",
    rule: "enum",
    evidence: "Beside the base path the portal answers its page with 200 (field report, UiPathOrch).",
  },
  ...paths(
    all,
    "Identity server and probes are no part of the documents.",
    "GET /api/health",
    "GET /api/Status/Get",
    "POST /identity/connect/token",
    "POST /identity_/connect/token",
  ),
  ...paths(
    all,
    "UiPathOrch calls it with parentheses, as OData has it for functions; the documents spell it without.",
    "GET /odata/QueueItems/UiPath.Server.Configuration.OData.GetReviewers()",
  ),
  ...paths(
    all,
    "UiPath's own SDKs call it; no document has it.",
    "GET /odata/Jobs/UiPath.Server.Configuration.OData.GetByKey(identifier=…)",
  ),
  ...paths(
    cloud,
    "UiPath's own tools ask it where a package can begin; copies of the documents leave it out.",
    "GET /odata/Processes/UiPath.Server.Configuration.OData.GetPackageEntryPointsV2(key=…)",
  ),
  ...paths(
    newer,
    "UiPathOrch and UiPath's own SDKs call it; copies of the documents leave it out.",
    "GET /odata/RobotLogs",
    "GET /odata/Folders/UiPath.Server.Configuration.OData.GetAllRolesForUser(username=…,skip=…,take=…)",
    "GET /odata/Folders/UiPath.Server.Configuration.OData.GetUsersForFolder(key=…,includeInherited=…)",
    "POST /odata/Folders/UiPath.Server.Configuration.OData.AssignUsers",
    "POST /odata/Folders(…)/UiPath.Server.Configuration.OData.RemoveUserFromFolder",
    "POST /odata/QueueDefinitions/UiPath.Server.Configuration.OData.CreateQueue",
    "POST /odata/QueueDefinitions/UiPath.Server.Configuration.OData.EditQueue",
  ),
  ...nulls(older, "AjaxResponse", clients, "result targetUrl"),
  ...nulls(all, "ArgumentMetadata", jobsPages, "Input Output"),
  ...nulls(
    all,
    "AssetDto",
    clients,
    "CreatorUserId CredentialStoreId Description ExternalName LastModificationTime LastModifierUserId",
  ),
  ...nulls(all, "AssetRobotValueDto", clients, "CredentialStoreId ExternalName KeyTrail"),
  ...nulls(all, "AssetUserValueDto", clients, "CredentialStoreId ExternalName MachineId MachineName"),
  ...nulls(cloud, "AutopilotForRobotsSettingsDto", clients),
  ...nulls(cloud, "BulkOperationResponseDtoOfFailedQueueItemDto", transactionsPages, "Message"),
  ...nulls(all, "BulkOperationResponseDtoOfInt64", transactionsPages, "Message"),
  ...nulls(cloud, "CurrentUserFolderDto", clients, "Description ParentId ParentKey"),
  ...nulls(all, "EnvironmentDto", clients),
  ...nulls(older, "ErrorInfo", clients),
  ...nulls(older, "ErrorInfo", clients, "validationErrors"),
  ...nulls(all, "ExtendedFolderDto", clients, "Description ParentId ParentKey"),
  ...nulls(
    all,
    "ExtendedRobotDto",
    clients,
    "CredentialStoreId CredentialType Description ExecutionSettings ExternalName LicenseKey MachineId MachineName Password UserId Username",
  ),
  ...nulls(all, "FolderDto", clients, "Description ParentId ParentKey"),
  ...nulls(all, "FolderNavigationContextDto", clients, "DisplayName Id"),
  ...nulls(
    all,
    "JobDto",
    jobsPages,
    "EndTime EntryPointPath HostMachineName Info InputArguments LocalSystemAccount MaxExpectedRunningTimeSeconds OrchestratorUserIdentity OutputArguments PersistenceId ProfilingOptions Reference ResumeVersion StartTime StartingScheduleId StopStrategy",
  ),
  ...nulls(newer, "JobDto", jobsPages, "ResourceOverwrites ServerlessJobType"),
  ...nulls(
    cloud,
    "JobDto",
    jobsPages,
    "EnvironmentVariables ErrorCode FpsContext FpsProperties InputFile LastModificationTime OutputFile ParentJobKey ParentSpanId ResumeTime RootSpanId StartingTriggerId SubState TraceId",
  ),
  ...nulls(cloud, "JobErrorDto", jobsPages),
  ...nulls(cloud, "PathAwareFolderDto", clients, "Description ParentId ParentKey"),
  ...nulls(all, "ProcessSettingsDto", jobsPages),
  ...nulls(all, "ProcessingExceptionDto", transactionsPages),
  ...nulls(all, "ProcessingExceptionDto", transactionsPages, "AssociatedImageFilePath Details"),
  ...nulls(
    all,
    "QueueDefinitionDto",
    transactionsPages,
    "AnalyticsDataJsonSchema Description IsProcessInCurrentFolder OutputDataJsonSchema ProcessScheduleId ReleaseId SpecificDataJsonSchema",
  ),
  ...nulls(all, "QueueItemDataDto", transactionsPages, "SpecificContent/*"),
  ...nulls(
    all,
    "QueueItemDto",
    transactionsPages,
    "Analytics AnalyticsData AncestorId DeferDate DueDate EndProcessing Output OutputData ProcessingExceptionType Progress Reference ReviewerUserId RiskSlaDate SpecificContent SpecificContent/* SpecificData StartProcessing",
  ),
  ...nulls(
    cloud,
    "QueueItemDto",
    transactionsPages,
    "AncestorUniqueKey CreatorJobKey ExecutorJobKey ManualAncestorId ManualAncestorUniqueKey OperationId ParentOperationId RobotId",
  ),
  ...nulls(cloud, "QueueItemErrorDto", transactionsPages),
  ...nulls(
    all,
    "QueueItemEventDto",
    transactionsPages,
    "Data ExternalClientId ReviewerUserId ReviewerUserName UserId UserName",
  ),
  ...nulls(
    all,
    "QueueProcessingStatusDto",
    transactionsPages,
    "IsProcessInCurrentFolder LastProcessed ProcessScheduleId QueueDefinitionDescription ReleaseId ReleaseName",
  ),
  ...nulls(all, "QueueRetentionSettingDto", transactionsPages, "BucketId"),
  ...nulls(older, "ReleaseDto", jobsPages, "EnvironmentId EnvironmentName"),
  ...nulls(all, "ReleaseDto", jobsPages, "Description EntryPointId FeedId InputArguments RobotSize"),
  ...nulls(newer, "ReleaseDto", jobsPages, "AutomationHubIdeaUrl"),
  ...nulls(cloud, "ReleaseDto", jobsPages, "EntryPointPath EnvironmentVariables MinRequiredRobotVersion"),
  ...nulls(older, "RobotAssetDto", clients, "CredentialStoreId ExternalName"),
  ...nulls(
    all,
    "RobotDto",
    clients,
    "CredentialStoreId CredentialType Description ExecutionSettings ExternalName LicenseKey MachineId MachineName Password UserId Username",
  ),
  ...nulls(all, "ExtendedMachineDto", clients, "Description"),
  ...nulls(["16.0"], "QueueItemCommentDto", clients, "UserId UserName"),
  ...nulls(older, "SimpleReleaseDto", jobsPages, "EnvironmentName"),
  ...nulls(["16.0"], "SimpleReleaseDto", jobsPages, "EnvironmentId"),
  ...nulls(newer, "SimpleReleaseDto", jobsPages, "Description"),
  ...nulls(cloud, "SimpleReleaseDto", jobsPages, "EntryPointPath EnvironmentVariables MinRequiredRobotVersion"),
  ...nulls(all, "SimpleReleaseDto", jobsPages, "EntryPointId FeedId InputArguments RobotSize"),
  ...nulls(newer, "SimpleReleaseDto", jobsPages, "AutomationHubIdeaUrl"),
  ...nulls(all, "SimpleRobotDto", jobsPages),
  ...nulls(
    all,
    "SimpleRobotDto",
    jobsPages,
    "CredentialStoreId CredentialType Description ExecutionSettings ExternalName LicenseKey MachineId MachineName Password UserId Username",
  ),
  ...nulls(all, "SimpleUserDto", jobsPages),
  ...nulls(
    all,
    "SimpleUserDto",
    jobsPages,
    "DirectoryIdentifier Domain EmailAddress LastLoginTime LicenseType Name Surname",
  ),
  ...nulls(all, "UserDto", clients, "DirectoryIdentifier Domain EmailAddress LastLoginTime LicenseType Name Surname"),
];

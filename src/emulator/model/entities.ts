import type { Entity, Enumeration, Property, PropertyType } from "../odata/model.ts";
import * as enumerations from "./enumerations.ts";

// Properties are those of the contract in its order, of all versions together: `lifetimes.ts` says which version has
// which, `asOf` makes an entity of one version. Navigations answer only where $expand asks for them.

const of =
  (type: PropertyType) =>
  (column: string): Property => ({ type, column });
const text = (column: string, folded?: string): Property =>
  folded === undefined ? { type: "string", column } : { type: "string", column, folded };
const integer = of("integer");
const decimal = of("decimal");
const flag = of("boolean");
const time = of("instant");
const guid = of("guid");
const json = of("json");
const choice = (enumeration: Enumeration, column: string): Property => ({ type: enumeration, column });
const id = { Id: integer("id") };

export const folder: Entity = {
  name: "FolderDto",
  from: "folder_rows",
  properties: {
    Key: guid("key"),
    DisplayName: text("name"),
    FullyQualifiedName: text("path", "path_folded"),
    Description: text("description"),
    FolderType: choice(enumerations.folderType, "type"),
    IsPersonal: flag("type"), // of the types played here only workspaces are not zero
    ProvisionType: choice(enumerations.provisionType, "modern"),
    PermissionModel: choice(enumerations.permissionModel, "modern"),
    ParentId: integer("parent_id"),
    ParentKey: guid("parent_key"),
    FeedType: choice(enumerations.feedType, "feed"),
    ...id,
  },
  navigations: {},
};

export const user: Entity = {
  name: "UserDto",
  from: "user_rows",
  properties: {
    Name: text("name"),
    Surname: text("surname"),
    UserName: text("user_name"),
    Domain: text("absent"),
    DirectoryIdentifier: text("absent"),
    FullName: text("full_name"),
    EmailAddress: text("email"),
    IsEmailConfirmed: flag("zero"),
    LastLoginTime: time("absent"),
    IsActive: flag("active"),
    CreationTime: time("created"),
    Type: choice(enumerations.userType, "type"),
    ProvisionType: choice(enumerations.provisionType, "one"),
    LicenseType: choice(enumerations.runtimeType, "absent"),
    Key: guid("key"),
    ...id,
  },
  navigations: {},
};

export const machine: Entity = {
  name: "MachineDto",
  from: "machines",
  properties: {
    Name: text("name"),
    Description: text("description"),
    Type: choice(enumerations.machineType, "type"),
    Key: guid("key"),
    ...id,
  },
  navigations: {},
};

export const environment: Entity = {
  name: "EnvironmentDto",
  from: "environments",
  properties: { Name: text("name"), Description: text("description"), ...id },
  navigations: {},
};

export const robot: Entity = {
  name: "RobotDto",
  from: "robot_rows",
  properties: {
    LicenseKey: text("absent"),
    MachineName: text("machine_name"),
    MachineId: integer("machine_id"),
    Name: text("name"),
    Username: text("user_name"),
    ExternalName: text("absent"),
    Description: text("description"),
    Type: choice(enumerations.runtimeType, "type"),
    HostingType: choice({ name: "HostingType", members: ["Standard", "Floating"] }, "modern"),
    ProvisionType: choice(enumerations.provisionType, "modern"),
    Password: text("absent"),
    CredentialStoreId: integer("absent"),
    UserId: integer("user_id"),
    Enabled: flag("one"),
    CredentialType: text("absent"),
    RobotEnvironments: text("environment_names"),
    ExecutionSettings: json("absent"),
    IsExternalLicensed: flag("zero"),
    LimitConcurrentExecution: flag("zero"),
    ...id,
  },
  navigations: { User: { entity: user, column: "user_id" } },
};

const releaseVersion: Entity = {
  name: "ReleaseVersionDto",
  from: "version_rows",
  properties: {
    ReleaseId: integer("release_id"),
    VersionNumber: text("version"),
    CreationTime: time("created"),
    ReleaseName: text("release_name"),
    ...id,
  },
  navigations: {},
};

export const entryPoint: Entity = {
  name: "EntryPointDto",
  from: "entry_points",
  properties: { UniqueId: guid("unique_id"), Path: text("path"), InputArguments: text("input"), ...id },
  navigations: {},
};

export const release: Entity = {
  name: "ReleaseDto",
  from: "release_rows",
  properties: {
    Key: text("key"), // a text in the contract: filtered in quotes
    ProcessKey: text("process_key"),
    ProcessVersion: text("version"),
    IsLatestVersion: flag("zero"),
    IsProcessDeleted: flag("zero"),
    Description: text("description"),
    Name: text("name"),
    EnvironmentId: integer("environment_id"),
    EnvironmentName: text("environment_name"),
    EntryPointId: integer("absent"),
    EntryPointPath: text("absent"),
    InputArguments: text("input_arguments"),
    EnvironmentVariables: text("absent"),
    ProcessType: choice({ name: "ProcessType", members: ["Undefined", "Process", "TestAutomationProcess"] }, "one"),
    SupportsMultipleEntryPoints: flag("zero"),
    RequiresUserInteraction: flag("requires_user"),
    IsConversational: flag("zero"),
    MinRequiredRobotVersion: text("absent"),
    IsAttended: flag("zero"),
    IsCompiled: flag("zero"),
    AutomationHubIdeaUrl: text("absent"),
    Arguments: json("arguments"),
    ProcessSettings: json("settings"),
    AutoUpdate: flag("auto_update"),
    HiddenForAttendedUser: flag("zero"),
    FeedId: guid("absent"),
    JobPriority: choice(enumerations.jobPriority, "priority"),
    SpecificPriorityValue: integer("specific_priority"),
    FolderKey: guid("folder_key"),
    OrganizationUnitId: integer("folder_id"),
    OrganizationUnitFullyQualifiedName: text("folder_path"),
    TargetFramework: choice(enumerations.targetFramework, "zero"),
    RobotSize: text("absent"),
    Tags: json("tags"),
    RemoteControlAccess: choice(enumerations.remoteControlAccess, "remote_control"),
    CreationTime: time("created"),
    ...id,
  },
  navigations: {
    Environment: { entity: environment, column: "environment_id" },
    CurrentVersion: { entity: releaseVersion, column: "version_id" },
  },
  collections: { ReleaseVersions: { entity: releaseVersion, column: "release_id" } },
};

export const queueDefinition: Entity = {
  name: "QueueDefinitionDto",
  from: "queue_rows",
  properties: {
    Key: guid("key"),
    Name: text("name", "name_folded"),
    Description: text("description"),
    MaxNumberOfRetries: integer("max_retries"),
    AcceptAutomaticallyRetry: flag("auto_retry"),
    RetryAbandonedItems: flag("retry_abandoned"),
    EnforceUniqueReference: flag("unique_references"),
    Encrypted: flag("encrypted"),
    SpecificDataJsonSchema: text("json_schema"),
    OutputDataJsonSchema: text("output_schema"),
    AnalyticsDataJsonSchema: text("analytics_schema"),
    CreationTime: time("created"),
    ProcessScheduleId: integer("schedule_id"),
    SlaInMinutes: integer("sla_minutes"),
    RiskSlaInMinutes: integer("risk_sla_minutes"),
    ReleaseId: integer("release_id"),
    IsProcessInCurrentFolder: flag("release_here"),
    FoldersCount: integer("folders_count"),
    OrganizationUnitId: integer("folder_id"),
    OrganizationUnitFullyQualifiedName: text("folder_path"),
    ...id,
  },
  navigations: {},
};

/** A robot and a process as they are expanded: the samples show them without the names of environments. */
const expandedRobot: Entity = {
  ...robot,
  properties: { ...robot.properties, RobotEnvironments: text("blank") },
};
const expandedRelease: Entity = {
  ...release,
  properties: { ...release.properties, EnvironmentName: text("absent") },
};

/** A queue as an item expands it: of the folders it is in, no one is meant. */
const queueOfItem: Entity = {
  ...queueDefinition,
  from: "(SELECT q.* FROM queue_rows q GROUP BY q.id)",
};

export const queueItem: Entity = {
  name: "QueueItemDto",
  from: "item_rows",
  counted: "counted_item_rows",
  properties: {
    QueueDefinitionId: integer("queue_id"),
    ProcessingException: json("exception"),
    Error: json("absent"),
    Encrypted: flag("encrypted"),
    SpecificContent: json("content"),
    Output: json("output"),
    OutputData: text("output_data"),
    Analytics: json("analytics"),
    AnalyticsData: text("analytics_data"),
    Status: choice(enumerations.itemStatus, "status"),
    ReviewStatus: choice(enumerations.reviewStatus, "review_status"),
    ReviewerUserId: integer("reviewer_id"),
    Key: guid("key"),
    Reference: text("reference", "reference_folded"),
    ProcessingExceptionType: choice(enumerations.exceptionType, "exception_type"),
    DueDate: time("due_date"),
    RiskSlaDate: time("risk_sla_date"),
    Priority: choice(enumerations.itemPriority, "priority"),
    RobotId: integer("robot_id"),
    CreatorJobKey: guid("absent"),
    ExecutorJobKey: guid("absent"),
    DeferDate: time("defer_date"),
    StartProcessing: time("start_processing"),
    EndProcessing: time("end_processing"),
    SecondsInPreviousAttempts: integer("seconds_in_previous_attempts"),
    AncestorId: integer("ancestor_id"),
    AncestorUniqueKey: guid("ancestor_key"),
    RetryNumber: integer("retry_number"),
    ManualAncestorId: integer("manual_ancestor_id"),
    ManualAncestorUniqueKey: guid("manual_ancestor_key"),
    ManualRetryNumber: integer("manual_retry_number"),
    UniqueKey: guid("unique_key"),
    HasVideoRecorded: flag("zero"),
    SpecificData: text("specific_data"),
    CreationTime: time("created"),
    Progress: text("progress"),
    RowVersion: of("bytes")("version"),
    ParentOperationId: text("parent_operation_id"),
    OperationId: text("operation_id"),
    OrganizationUnitId: integer("folder_id"),
    OrganizationUnitFullyQualifiedName: text("folder_path"),
    ...id,
  },
  navigations: {
    QueueDefinition: { entity: queueOfItem, column: "queue_id" },
    ReviewerUser: { entity: user, column: "reviewer_id" },
    Robot: { entity: expandedRobot, column: "robot_id" },
  },
};

export const queueItemEvent: Entity = {
  name: "QueueItemEventDto",
  from: "event_rows",
  properties: {
    QueueItemId: integer("item_id"),
    Timestamp: time("time"),
    Action: choice(enumerations.eventAction, "action"),
    Data: text("data"),
    UserId: integer("user_id"),
    UserName: text("user_name"),
    Status: choice(enumerations.itemStatus, "status"),
    ReviewStatus: choice(enumerations.reviewStatus, "review_status"),
    ReviewerUserId: integer("reviewer_id"),
    ReviewerUserName: text("reviewer_name"),
    ExternalClientId: text("client_id"),
    ...id,
  },
  navigations: {},
};

export const queueItemComment: Entity = {
  name: "QueueItemCommentDto",
  from: "comment_rows",
  properties: {
    Text: text("text"),
    QueueItemId: integer("item_id"),
    CreationTime: time("created"),
    UserId: integer("user_id"),
    UserName: text("user_name"),
    ...id,
  },
  navigations: {},
};

export const robotLog: Entity = {
  name: "LogDto",
  from: "robot_log_rows",
  timed: true,
  properties: {
    Level: choice(enumerations.logLevel, "level"),
    WindowsIdentity: text("identity"),
    ProcessName: text("release_name"),
    TimeStamp: time("time"),
    Message: text("message"),
    JobKey: guid("key"),
    RawMessage: text("message"),
    RobotName: text("robot_name"),
    HostMachineName: text("machine_name"),
    MachineId: integer("machine_id"),
    RuntimeType: choice(enumerations.runtimeType, "runtime_type"),
    Id: integer("zero"), // every line of a real log has the Id 0 (field report)
  },
  navigations: {},
};

export const queueRetention: Entity = {
  name: "QueueRetentionSettingDto",
  from: "retention_rows",
  properties: {
    QueueDefinitionId: integer("id"),
    Action: choice(enumerations.retentionAction, "zero"),
    Period: integer("period"),
    BucketId: integer("absent"),
    Type: choice(enumerations.retentionType, "retention_type"),
  },
  navigations: {},
};

/** What was processed of a queue in a minute, an hour or a day. */
export const queueRecord: Entity = {
  name: "QueueProcessingRecordDto",
  from: "queue_record_rows",
  properties: {
    QueueDefinitionId: integer("queue_id"),
    ProcessingTime: time("time"),
    ReportType: choice({ name: "ReportType", members: ["All", "Minute", "Hour", "Day"] }, "report"),
    NumberOfRemainingTransactions: integer("waiting"),
    NumberOfInProgressTransactions: integer("in_progress"),
    NumberOfApplicationExceptions: integer("application"),
    NumberOfBusinessExceptions: integer("business"),
    NumberOfSuccessfulTransactions: integer("successful"),
    NumberOfRetriedItems: integer("retried"),
    ApplicationExceptionsProcessingTime: decimal("application_time"),
    BusinessExceptionsProcessingTime: decimal("business_time"),
    SuccessfulTransactionsProcessingTime: decimal("successful_time"),
    TotalNumberOfTransactions: integer("total"),
    TenantId: integer("one"),
    ...id,
  },
  navigations: { UiQueueMetadata: { entity: queueOfItem, column: "queue_id" } },
};

export const queueStatus: Entity = {
  name: "QueueProcessingStatus",
  from: "queue_status_rows",
  properties: {
    ItemsToProcess: integer("waiting"),
    ItemsInProgress: integer("in_progress"),
    QueueDefinitionId: integer("id"),
    QueueDefinitionKey: guid("key"),
    QueueDefinitionName: text("name", "name_folded"),
    QueueDefinitionDescription: text("description"),
    QueueDefinitionAcceptAutomaticallyRetry: flag("auto_retry"),
    QueueDefinitionRetryAbandonedItems: flag("retry_abandoned"),
    QueueDefinitionMaxNumberOfRetries: integer("max_retries"),
    QueueDefinitionEnforceUniqueReference: flag("unique_references"),
    ProcessingMeanTime: decimal("mean_time"),
    SuccessfulTransactionsNo: integer("successful"),
    ApplicationExceptionsNo: integer("application"),
    BusinessExceptionsNo: integer("business"),
    SuccessfulTransactionsProcessingTime: decimal("successful_time"),
    ApplicationExceptionsProcessingTime: decimal("application_time"),
    BusinessExceptionsProcessingTime: decimal("business_time"),
    TotalNumberOfTransactions: integer("total"),
    LastProcessed: time("last_processed"),
    ReleaseName: text("release_name"),
    ReleaseId: integer("release_id"),
    IsProcessInCurrentFolder: flag("release_here"),
    SpecificDataJsonSchemaExists: flag("has_schema"),
    OutputDataJsonSchemaExists: flag("has_output_schema"),
    AnalyticsDataJsonSchemaExists: flag("has_analytics_schema"),
    ProcessScheduleId: integer("schedule_id"),
    QueueFoldersCount: integer("folders_count"),
    ...id,
  },
  navigations: {},
};

export const job: Entity = {
  name: "JobDto",
  from: "job_rows",
  timed: true,
  properties: {
    Key: guid("key"),
    StartTime: time("start_time"),
    EndTime: time("end_time"),
    State: choice(enumerations.jobState, "state"),
    SubState: text("absent"),
    JobPriority: choice(enumerations.jobPriority, "priority"),
    SpecificPriorityValue: integer("specific_priority"),
    ResourceOverwrites: text("absent"),
    Source: text("source"),
    SourceType: choice(enumerations.jobSource, "source_type"),
    BatchExecutionKey: guid("batch_key"),
    Info: text("info"),
    CreationTime: time("created"),
    StartingScheduleId: integer("absent"),
    ReleaseName: text("release_name"),
    Type: choice({ name: "JobType", members: ["Unattended", "Attended", "ServerlessGeneric"] }, "zero"),
    InputArguments: text("input_arguments"),
    InputFile: guid("input_file"),
    EnvironmentVariables: text("environment_variables"),
    OutputArguments: text("output_arguments"),
    OutputFile: guid("absent"),
    HostMachineName: text("machine_name"),
    HasMediaRecorded: flag("zero"),
    HasVideoRecorded: flag("zero"),
    PersistenceId: guid("absent"),
    ResumeVersion: integer("absent"),
    StopStrategy: choice(enumerations.stopStrategy, "stop_strategy"),
    RuntimeType: choice(enumerations.runtimeType, "runtime_type"),
    RequiresUserInteraction: flag("requires_user"),
    ReleaseVersionId: integer("version_id"),
    EntryPointPath: text("entry_point"),
    OrganizationUnitId: integer("folder_id"),
    OrganizationUnitFullyQualifiedName: text("folder_path"),
    Reference: text("reference"),
    ProcessType: choice({ name: "ProcessType", members: ["Undefined", "Process", "TestAutomationProcess"] }, "one"),
    ProfilingOptions: text("absent"),
    ResumeOnSameContext: flag("zero"),
    LocalSystemAccount: text("absent"),
    OrchestratorUserIdentity: text("absent"),
    RemoteControlAccess: choice(enumerations.remoteControlAccess, "zero"),
    MaxExpectedRunningTimeSeconds: integer("absent"),
    StartingTriggerId: guid("absent"),
    ServerlessJobType: text("absent"),
    ParentJobKey: guid("absent"),
    ResumeTime: time("absent"),
    LastModificationTime: time("absent"),
    JobError: json("error"),
    ErrorCode: text("error_code"),
    FpsProperties: text("absent"),
    TraceId: text("absent"),
    ParentSpanId: text("absent"),
    RootSpanId: text("absent"),
    AutopilotForRobots: json("absent"),
    FpsContext: text("absent"),
    ...id,
  },
  navigations: {
    Robot: { entity: expandedRobot, column: "robot_id" },
    Release: { entity: expandedRelease, column: "release_id" },
    Machine: { entity: machine, column: "machine_id" },
  },
};

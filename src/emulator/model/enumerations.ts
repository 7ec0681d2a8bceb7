import type { Enumeration } from "../odata/model.ts";

// Members in the order of their numbers: the contract's order where it is the real one, else the enumerated types page.

export const itemStatus: Enumeration = {
  name: "QueueItemStatus",
  members: ["New", "InProgress", "Failed", "Successful", "Abandoned", "Retried", "Deleted"],
};
export const reviewStatus: Enumeration = {
  name: "QueueItemReviewStatus",
  members: ["None", "InReview", "Verified", "Retried"],
};
export const itemPriority: Enumeration = { name: "QueueItemPriority", members: ["High", "Normal", "Low"] };
export const exceptionType: Enumeration = {
  name: "ProcessingExceptionType",
  members: ["ApplicationException", "BusinessException"],
};
export const referenceFilter: Enumeration = { name: "ReferenceFilterOption", members: ["Equals", "StartsWith"] };
export const retentionAction: Enumeration = { name: "RetentionAction", members: ["Delete", "Archive", "None"] };
export const retentionType: Enumeration = { name: "RetentionType", members: ["Final", "Stale"] };
export const logLevel: Enumeration = {
  name: "LogLevel",
  members: ["Trace", "Debug", "Info", "Warn", "Error", "Fatal"],
};
export const eventAction: Enumeration = {
  name: "QueueItemEventAction",
  members: ["Create", "Edit", "Delete", "Status", "Retry"],
};
export const jobState: Enumeration = {
  name: "JobState",
  members: [
    "Pending",
    "Running",
    "Stopping",
    "Terminating",
    "Faulted",
    "Successful",
    "Stopped",
    "Suspended",
    "Resumed",
  ],
};
export const jobPriority: Enumeration = { name: "JobPriority", members: ["Low", "Normal", "High"] };
export const jobSource: Enumeration = {
  name: "JobSourceType",
  members: [
    "Manual",
    "Schedule",
    "Agent",
    "Queue",
    "StudioWeb",
    "IntegrationTrigger",
    "StudioDesktop",
    "AutomationOpsPipelines",
    "Apps",
    "SAP",
    "HttpTrigger",
    "HttpTriggerCallback",
    "RobotAPI",
    "CommandLine",
    "RobotNetAPI",
    "Autopilot",
    "TestManager",
    "AgentService",
    "ProcessOrchestration",
    "PluginEcosystem",
    "PerformanceTesting",
    "AgentHub",
    "ApiWorkflow",
  ],
};
export const startSource: Enumeration = {
  name: "StartProcessDtoSource",
  members: [
    "Manual",
    "Schedule",
    "Queue",
    "StudioWeb",
    "IntegrationTrigger",
    "StudioDesktop",
    "AutomationOpsPipelines",
    "Apps",
    "SAP",
    "HttpTrigger",
    "HttpTriggerWithCallback",
    "RobotAPI",
    "Assistant",
    "CommandLine",
    "RobotNetAPI",
    "Autopilot",
    "TestManager",
    "AgentService",
    "ProcessOrchestration",
    "PluginEcosystem",
    "PerformanceTesting",
    "AgentHub",
    "ApiWorkflow",
  ],
};
export const startStrategy: Enumeration = {
  name: "StartProcessDtoStrategy",
  members: ["All", "Specific", "RobotCount", "JobsCount", "ModernJobsCount"],
};
/** Counted from 1 on the wire: "1" is SoftStop, "2" Kill (Jobs requests, 2022.10). */
export const stopStrategy: Enumeration = { name: "StopStrategy", members: ["", "SoftStop", "Kill"] };
export const runtimeType: Enumeration = {
  name: "RobotType",
  members: [
    "NonProduction",
    "Attended",
    "Unattended",
    "Development",
    "Studio",
    "RpaDeveloper",
    "StudioX",
    "CitizenDeveloper",
    "Headless",
    "RpaDeveloperPro",
    "StudioPro",
    "TestAutomation",
    "AutomationCloud",
    "Serverless",
    "AutomationKit",
    "ServerlessTestAutomation",
    "AutomationCloudTestAutomation",
    "AttendedStudioWeb",
    "Hosting",
    "AssistantWeb",
    "ProcessOrchestration",
    "AgentService",
    "AppTest",
    "PerformanceTest",
  ],
};
export const targetFramework: Enumeration = { name: "TargetFramework", members: ["Legacy", "Windows", "Portable"] };
export const remoteControlAccess: Enumeration = {
  name: "RemoteControlAccess",
  members: ["None", "ReadOnly", "Full"],
};
export const userType: Enumeration = {
  name: "UserType",
  members: ["User", "Robot", "DirectoryUser", "DirectoryGroup", "DirectoryRobot", "DirectoryExternalApplication"],
};
export const provisionType: Enumeration = { name: "ProvisionType", members: ["Manual", "Automatic"] };
export const folderType: Enumeration = { name: "FolderType", members: ["Standard", "Personal", "Virtual", "Solution"] };
export const permissionModel: Enumeration = {
  name: "PermissionModel",
  members: ["InheritFromTenant", "FineGrained"],
};
export const feedType: Enumeration = {
  name: "FeedType",
  members: ["Undefined", "Processes", "Libraries", "PersonalWorkspace", "FolderHierarchy"],
};
export const machineType: Enumeration = { name: "MachineType", members: ["Standard", "Template"] };
export const commitType: Enumeration = {
  name: "CommitType",
  members: ["AllOrNothing", "StopOnFirstFailure", "ProcessAllIndependently"],
};

/** The name that an answer gives for a stored number. */
export function memberName(enumeration: Enumeration, number: number): string {
  return enumeration.members[number] ?? String(number);
}

/** The number that a member is stored as. */
export function memberNumber(enumeration: Enumeration, name: string): number {
  return enumeration.members.indexOf(name);
}

/** The embedded Orchestrator: a small, strict, durable one that speaks its OData over HTTP. */
export { startEmulator, type Emulator, type EmulatorOptions } from "./start.ts";
export { DataFileError } from "./store/database.ts";
export { FaultFileError, type FaultSource } from "./faults/load.ts";
export type { FaultCount } from "./faults/faults.ts";
export type { FaultAnswer, FaultHandling, FaultMatch, FaultRule, FaultsDocument } from "./faults/types.ts";
export type { DocumentProblem } from "./yaml-file.ts";
export { TenantFileError, type TenantProblem } from "./tenant/load.ts";
export type { ClockMode } from "./clock.ts";
export type { EditionName } from "./editions.ts";
export type { LoggedFault, LoggedRequest } from "./log.ts";
export type { TenantDocument, TenantSpec } from "./tenant/types.ts";

/** Versions of what we write. A reader refuses another major version. */
export const planFormat = "orch-sync/plan/v1";
export const reportFormat = "orch-sync/report/v1";
export const journalFormat = "orch-sync/journal/v1";
export const eventsFormat = "orch-sync/events/v1";
export const validationFormat = "orch-sync/validation/v1";
export const doctorFormat = "orch-sync/doctor/v1";
export const statusFormat = "orch-sync/status/v1";
export const leaseFormat = "orch-sync/lease/v1";
/** `apiVersion` of every manifest, config and tenant file. */
export const manifestApiVersion = "orch-sync/v1";

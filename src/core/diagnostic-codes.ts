/** What stands behind a code: `explain CODE` and `docs/errors.md` are made of it. */
export interface DiagnosticExplanation {
  readonly title: string;
  readonly meaning: string;
  readonly fix: string;
}

/**
 * Every code that a diagnostic can have. `MF`: any YAML file of ours; `QI`, `JB`, `SJ`, `RV`: one kind; `CF`: the config;
 * `PL`: what only a plan can tell, because it has seen the tenant.
 * A code is never given a second meaning: pipelines match on it.
 */
export const diagnosticCodes = {
  MF001: {
    title: "File cannot be read",
    meaning: "A path does not exist, may not be read, is no file or folder, or does not hold UTF-8 text.",
    fix: "Check the path and its permissions; `-` reads standard input. Save the file as UTF-8.",
  },
  MF002: {
    title: "File too large",
    meaning: "A YAML file has more than 5 MB, about 20,000 queue items: reading it would take gigabytes of memory.",
    fix: "Split it into several files: one QueueItems manifest may be spread over many names.",
  },
  MF003: {
    title: "YAML syntax",
    meaning: "The text is not YAML 1.2, often because of indentation, a missing quote or a tab.",
    fix: "Mend the place that the caret shows; later complaints about the same document often vanish with it.",
  },
  MF004: {
    title: "Key twice in one mapping",
    meaning: "The same key occurs twice in one mapping. YAML readers differ in which of them counts.",
    fix: "Remove or rename one of them.",
  },
  MF005: {
    title: "YAML that is not plain data",
    meaning:
      "The document uses something that has no meaning as JSON: a tag, a key that is no text, `__proto__`, an alias that contains itself or expands to very much, or more than 64 levels.",
    fix: "Write the data out plainly; put keys such as 1 or true in quotes.",
  },
  MF006: {
    title: "Number loses digits",
    meaning: "A number has more digits than a computer's number keeps, so another number would be sent.",
    fix: "Put it in quotes if it is an identifier; otherwise write fewer digits.",
  },
  MF007: {
    title: "Document is not a manifest",
    meaning:
      "A YAML document is a list or a plain value instead of a mapping with apiVersion, kind, metadata and spec.",
    fix: "Begin it with `apiVersion: orch-sync/v1`, or keep files of other tools out of the folder.",
  },
  MF008: {
    title: "Unknown apiVersion",
    meaning: "`apiVersion` is missing, or names a version that this release does not read.",
    fix: "Write `apiVersion: orch-sync/v1`.",
  },
  MF009: {
    title: "Unknown kind",
    meaning: "`kind` is missing, or is none of the kinds that this release knows.",
    fix: "Use QueueItems, Job, StoppedJobs or Review, spelled exactly so.",
  },
  MF010: {
    title: "Unknown key",
    meaning:
      "A mapping has a key that the schema does not know. It is refused, because a misspelled key would silently do nothing.",
    fix: "Take the key that the hint names, or remove it.",
  },
  MF011: {
    title: "Key missing",
    meaning: "A key that has no default is not there.",
    fix: "Add it; `orch-sync explain KIND` lists the keys.",
  },
  MF012: {
    title: "Wrong type",
    meaning: "A value is of another type than the schema wants, for example a number where text belongs.",
    fix: "Change the value; quotes make text of a number, of true and of null.",
  },
  MF013: {
    title: "Value not allowed",
    meaning: "A value is none of those that the schema lists. Case matters.",
    fix: "Take one of the values that the message lists.",
  },
  MF014: {
    title: "Value outside its limits",
    meaning: "A value has the right type, but is too long, too short, too large, too small or of the wrong form.",
    fix: "Keep to the limit that the message names.",
  },
  MF015: {
    title: "Keys do not go together",
    meaning: "Of several keys exactly one, or at least one, has to be there.",
    fix: "Set the keys as the message says.",
  },
  MF016: {
    title: "Environment variable not set",
    meaning: "`${env:NAME}` names a variable that the environment does not have.",
    fix: "Set it, or give a default: `${env:NAME:-default}`.",
  },
  MF017: {
    title: "Value source not available",
    meaning:
      "`${…}` names a source that does not exist here. Manifests know `${env:NAME}`; `${secret:NAME}` is for the config alone, because a manifest's values are shown in plans.",
    fix: "Use `${env:NAME}`; write `$${` for a literal `${`.",
  },
  MF018: {
    title: "Name not allowed",
    meaning:
      "`metadata.name` may have lower-case letters, digits, `-` and `.`, and at most 63 characters: it becomes part of references.",
    fix: "Choose a shorter or plainer name.",
  },
  MF019: {
    title: "Name twice",
    meaning:
      "Two manifests of one kind and folder have the same name, so that neither can be told from the other. Case is ignored in folders.",
    fix: "Rename one of them.",
  },
  MF020: {
    title: "Unknown dependency",
    meaning:
      "`dependsOn` names a resource that is not among the manifests read, or is not of the form KIND/NAME or KIND/NAME@FOLDER.",
    fix: "Correct it, add the folder (`Job/smoke-test@Finance`), or pass the file that holds the resource. `validate` only warns about resources it was not given.",
  },
  MF021: {
    title: "Dependencies form a cycle",
    meaning: "Resources wait for each other, so none of them could start.",
    fix: "Remove one of the arrows that the message shows.",
  },
  MF022: {
    title: "Folder missing",
    meaning: "`metadata.folder` is left out and the target names no folder.",
    fix: "Set `metadata.folder` to the folder's full path, or `folder` in the target.",
  },
  MF023: {
    title: "No manifest found",
    meaning: "The given paths hold no manifest at all.",
    fix: "Check the paths: in folders only .yaml and .yml count, and names that begin with a dot are passed over.",
  },
  MF024: {
    title: "Date without a zone",
    meaning: "A date has no zone, so that it would mean another instant on another machine.",
    fix: "Add `Z` for UTC, or an offset such as `+02:00`.",
  },
  MF025: {
    title: "Not a date",
    meaning:
      "A value is no date and time of the form 2026-12-01T08:00:00Z, or names a day or time that does not exist.",
    fix: "Write it as YYYY-MM-DDTHH:MM:SS with Z or an offset; seconds may have up to 7 decimal places. The dates of queue items may also count from the plan: `+90m`, `+2d`, up to `+36500d`.",
  },
  QI001: {
    title: "Queue item without a reference",
    meaning: "An item has no reference, which is its identity.",
    fix: "Give it one, or set `references: fromContent` and the hash of its content becomes one.",
  },
  QI002: {
    title: "Reference empty",
    meaning: "A reference is empty or made of blanks alone; the server ignores trailing blanks.",
    fix: "Give the item a reference of its own.",
  },
  QI003: {
    title: "Reference too long",
    meaning: "A reference has more than the 128 characters that Orchestrator stores.",
    fix: "Shorten it, for example by a hash of the long part.",
  },
  QI004: {
    title: "Unknown key in a queue item",
    meaning: "An item has a key that the schema does not know. Fields of your own belong under `content`.",
    fix: "Take the key that the hint names, or move it under `content`.",
  },
  QI005: {
    title: "Content key with a forbidden character",
    meaning:
      "A content key is empty or holds one of `.` `#` `@` `:`, which Orchestrator keeps for its own annotations.",
    fix: "Rename the key, for example with `_` instead.",
  },
  QI006: {
    title: "Content is not flat",
    meaning: "A content value is a list or a mapping. Orchestrator stores text, numbers, true, false and null only.",
    fix: "Spread it over several keys, or store it as JSON text.",
  },
  QI007: {
    title: "Reference twice in one queue",
    meaning:
      "Two entries of one queue have the same reference, over all manifests. The server ignores case and trailing blanks, so INV-1 and inv-1 are one.",
    fix: "Remove or rename one of them.",
  },
  QI008: {
    title: "Content too large",
    meaning: "An item's content has more than 256,000 characters as JSON, which is Orchestrator's limit of 500 KB.",
    fix: "Store the large part elsewhere, for example in a bucket, and put its address in the content.",
  },
  QI009: {
    title: "Prune prefixes overlap",
    meaning:
      "Two manifests prune the same queue and one prefix begins with the other, so both would own the same items.",
    fix: "Choose prefixes of which none begins with another, or prune in one manifest only.",
  },
  JB001: {
    title: "Input arguments too long",
    meaning:
      "The input arguments have more than 10,000 characters as JSON, names and brackets included: Orchestrator refuses them.",
    fix: "Pass the large part in another way, for example through a queue item or a bucket.",
  },
  JB002: {
    title: "Job's process is stopped by a manifest",
    meaning:
      "A StoppedJobs manifest selects every job of this process, for ever: each apply would stop what the last one started.",
    fix: "Narrow the selection by createdBefore, runningFor, ids or reference, or remove one of the two.",
  },
  JB003: {
    title: "Wait too long",
    meaning: "A wait may take at most 24 days; longer timers fire at once.",
    fix: "Choose a shorter timeout, or `until: none`.",
  },
  JB004: {
    title: "Integer with leading zeros",
    meaning:
      "An integer among the input arguments is written with leading zeros. Orchestrator alters such integers (its own example: 0065 becomes 53), while YAML reads 65.",
    fix: "Write it without the zeros; put it in quotes if the process takes text.",
  },
  SJ001: {
    title: "Selection of jobs names a duration that is too long",
    meaning: "`runningFor` reaches back beyond any date.",
    fix: "Choose a shorter duration, for example 30d.",
  },
  RV001: {
    title: "Review sets nothing",
    meaning: "A Review has neither reviewers, nor `unassign: true`, nor a reviewStatus.",
    fix: "Set at least one of them.",
  },
  RV002: {
    title: "Reviewers and unassign exclude each other",
    meaning: "A Review cannot assign reviewers and clear them at once.",
    fix: "Remove one of them.",
  },
  CF001: {
    title: "Not a config file",
    meaning: "The file does not hold exactly one document with `kind: Config`.",
    fix: "Keep one document in it, beginning with `apiVersion: orch-sync/v1` and `kind: Config`.",
  },
  CF002: {
    title: "Default target unknown",
    meaning: "`defaultTarget` names a target that `targets` does not have.",
    fix: "Take the name that the hint shows, or add the target.",
  },
  CF003: {
    title: "Target is neither embedded nor remote",
    meaning: "A target has either `embedded` or `url`; this one has both or none.",
    fix: "Keep one of them.",
  },
  CF004: {
    title: "URL not allowed",
    meaning:
      "A url has to begin with https:// (http:// on this machine only) and holds neither credentials nor a query: tokens are sent there.",
    fix: "Use the https address of the Orchestrator, without user, password, `?` and `#`.",
  },
  CF005: {
    title: "Secret not set",
    meaning: "`${secret:NAME}` names a secret that is neither in the environment nor in the file that NAME_FILE names.",
    fix: "Set NAME, or NAME_FILE to a readable file that holds it.",
  },
  CF006: {
    title: "Secret outside auth",
    meaning: "`${secret:NAME}` is used where values are shown. Secrets belong under `auth`.",
    fix: "Use `${env:NAME}` there.",
  },
  CF007: {
    title: "Credentials missing",
    meaning: "The environment names an Orchestrator but no credentials for it.",
    fix: "Set ORCH_SYNC_TOKEN, or ORCH_SYNC_CLIENT_ID and ORCH_SYNC_CLIENT_SECRET.",
  },
  CF008: {
    title: "Time too long",
    meaning: "A time under `timing` may be at most 24 days; longer timers fire at once.",
    fix: "Choose a shorter time.",
  },
  CF009: {
    title: "Embedded Orchestrator's file invalid",
    meaning: "A tenant file or a fault file of the embedded Orchestrator is not what its schema describes.",
    fix: "The message says what is wrong; `schemas/tenant.schema.json` and `schemas/faults.schema.json` have every field.",
  },
  PL001: {
    title: "Queue's JSON schema cannot be used",
    meaning:
      "The queue has a JSON schema for content that orch-sync cannot read, for example of an unknown draft or with a reference to another document. The plan holds no item against it; the server does, when an item is written.",
    fix: "Ask who owns the queue for a schema of draft 4, 6, 7, 2019-09 or 2020-12 that stands for itself.",
  },
} as const satisfies Readonly<Record<string, DiagnosticExplanation>>;

export type DiagnosticCode = keyof typeof diagnosticCodes;

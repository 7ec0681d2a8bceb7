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
    meaning:
      "A path does not exist, may not be read, is no file or folder, or does not hold UTF-8 text: UTF-16, another encoding, or bytes that no text has.",
    fix: "Check the path and its permissions; `-` reads standard input. Save the file as UTF-8.",
  },
  MF002: {
    title: "File too large",
    meaning: "A YAML file has more than 5 MB, about 20,000 queue items: reading it would take gigabytes of memory.",
    fix: "Put the items into a CSV or NDJSON file beside the manifest and name it in `spec.source`, or split the manifest into several with names of their own.",
  },
  MF003: {
    title: "YAML syntax",
    meaning: "The text is not YAML 1.2, often because of indentation, a missing quote or a tab.",
    fix: "Mend the place that the caret shows, with blanks in the place of tabs; later complaints about the same document often vanish with it.",
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
    meaning: "`${env:NAME}` names a variable that neither the environment nor a `--dotenv` file has.",
    fix: "Set it, or give a default: `${env:NAME:-default}`.",
  },
  MF017: {
    title: "Value source not available",
    meaning:
      "`${…}` names a source that does not exist, has a name that is none, or is not closed. There are `${env:NAME}`, `${var:NAME}` and `${secret:NAME}`, each also with a default: `${env:NAME:-default}`.",
    fix: "Correct it; write `$${` for a literal `${`.",
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
      "A value is no date and time of the form 2026-12-01T08:00:00Z, names a day or time that does not exist, or counts more than a hundred years from the plan.",
    fix: "Write it as YYYY-MM-DDTHH:MM:SS with Z or an offset; seconds may have up to 7 decimal places. The dates of queue items may also count from the plan: `+90m`, `+2d`, up to `+36500d`.",
  },
  MF030: {
    title: "Variable not set",
    meaning: "`${var:NAME}` names a variable that neither the command line nor the target gives.",
    fix: "Give it with `--var NAME=VALUE`, in a `--var-file` or under the target's `variables`, or write a default: `${var:NAME:-default}`.",
  },
  MF031: {
    title: "Secret of a manifest not set",
    meaning:
      "`${secret:NAME}` names a secret that is neither in the environment (a `--dotenv` file included) nor in the file that NAME_FILE names.",
    fix: "Set NAME, or NAME_FILE to a readable file that holds it, or write a default: `${secret:NAME:-default}`.",
  },
  MF032: {
    title: "Secret where values are shown",
    meaning:
      "`${secret:NAME}`, or a variable that holds a secret, stands where plans and reports show what is written. In manifests secrets may stand in the content of queue items and in the input arguments of jobs.",
    fix: "Move it there, or use `${env:NAME}` if it is no secret.",
  },
  MF033: {
    title: "References nested too deeply",
    meaning: "`${…}` stands within the default of another, more than 8 deep.",
    fix: "Give one of them as a variable of its own.",
  },
  MF034: {
    title: "Variable file not understood",
    meaning:
      "A `--var-file` is one YAML mapping of names to texts, numbers, true or false. Names are made of letters, digits, `_`, `-` and `.`, and begin with a letter or `_`.",
    fix: "Rename the variable, or give each of the values a name of its own.",
  },
  MF035: {
    title: "Argument that looks like a secret",
    meaning:
      "An input argument is a mapping with the one key `$secret`. Run keys and plans write a secret so, and could not tell the two apart.",
    fix: "Use another name, or pass the mapping as JSON text.",
  },
  MF040: {
    title: "Too many queue items in one file",
    meaning:
      "The documents of one YAML file hold more than 20,000 queue items: reading them takes much memory and time.",
    fix: "Put the items into a CSV or NDJSON file beside the manifest and name it in `spec.source`, or spread them over several files.",
  },
  MF041: {
    title: "Number with leading zeros",
    meaning:
      "A number such as 007 begins with a zero. YAML 1.2 reads it as 7 and YAML 1.1 as an octal number, so an identifier would silently become another one; Orchestrator itself alters such integers in input arguments (its own example: 0065 becomes 53).",
    fix: "Put it in quotes if it is an identifier; otherwise write it without the zero. `0`, `0.5`, `0x1F` and `0o7` are fine.",
  },
  MF042: {
    title: "Link leads out of the project",
    meaning:
      "A symbolic link in a folder of manifests or overlays leads to a place outside the project: the folder of the config file, or without a config the folder that was given.",
    fix: "Put the file into the project, name its path on the command line, or pass `--allow-outside`.",
  },
  MF043: {
    title: "Overlay matches no manifest",
    meaning:
      "No manifest has the kind and the name of an overlay, so it would silently do nothing. They are compared before `${…}` is replaced.",
    fix: "Correct kind and name, pass the file that holds the manifest, or remove the overlay.",
  },
  MF044: {
    title: "Two overlays for one manifest",
    meaning:
      "Two documents of one `--overlay` are for the same manifest, so their order would decide, which is nowhere written.",
    fix: "Merge them, or put one into a folder of its own and pass that as another `--overlay`: those apply in the order given.",
  },
  MF045: {
    title: "Overlay fits several manifests",
    meaning:
      "Manifests of this kind and name exist in several folders, and the overlay's `metadata.folder` is none of them.",
    fix: "Set `metadata.folder` in the overlay to one of the folders that the hint lists.",
  },
  MF046: {
    title: "Overlay without kind and name",
    meaning:
      "An overlay says by `kind` and `metadata.name` which manifest it patches; other kinds of documents have none.",
    fix: "Write the manifest's `kind` and `metadata.name`, and keep files of other kinds out of the folder.",
  },
  MF047: {
    title: "Dependency not selected",
    meaning:
      "A manifest that `--select` and `--exclude` keep depends on one that they leave out. What is left out counts as done, whether it is or not.",
    fix: "Select the dependency as well, if it may not be in line yet.",
  },
  MF048: {
    title: "No overlay found",
    meaning: "The given path holds no overlay at all.",
    fix: "Check the path: in folders only .yaml and .yml count, and names that begin with a dot are passed over.",
  },
  MF049: {
    title: "Text that is not Unicode",
    meaning:
      "A text or a key of a manifest, or of a row in NDJSON or JSON, holds half of a surrogate pair, such as \\ud800 alone. UTF-8 has no bytes for it: another character would be sent, and nothing with that reference ever found again.",
    fix: "Write both halves, such as \\ud83d\\ude00, or leave it out. Most often a longer text was cut within a character.",
  },
  MF050: {
    title: "Value that was not shown",
    meaning:
      "A sensitive content value is the text `(sensitive)`, which `validate -o yaml` prints in the place of values that no output shows. Applying it would overwrite the real value.",
    fix: "Write the value itself, or a `${secret:NAME}`.",
  },
  MF051: {
    title: "Dependency across shards",
    meaning:
      "With `--shard`, a manifest depends on one that several shards do together, or is itself done by several. No shard knows when the others have ended, so it would begin too early.",
    fix: "Do it in two steps: first all shards with `--exclude` for what the hint names, then, when all have ended, that alone and without `--shard`.",
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
      "Two entries of one queue have the same reference, over all manifests. The server ignores case and trailing blanks, so INV-1 and inv-1 are one. A data file that two manifests name for one queue, with the same template, holds nothing else.",
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
  QI010: {
    title: "Source cannot be read",
    meaning:
      "`source.file` has an ending that no format goes with, does not exist, is no regular file, may not be read, is not UTF-8 text, or changed while it was read.",
    fix: "Name a .csv, .ndjson, .jsonl or .json file, relative to the manifest's folder, and save it as UTF-8.",
  },
  QI011: {
    title: "Source outside the project",
    meaning:
      "`source.file` leads, symbolic links resolved, to a file that is neither below the manifest's folder nor in the project, which is the config file's folder. A manifest of somebody else could send any file of this machine to a queue.",
    fix: "Move the file into the project, or pass --allow-outside if that is meant.",
  },
  QI012: {
    title: "Template not understood",
    meaning: "A template of `source` has a brace without its other half, or braces without a column.",
    fix: "Write {COLUMN} for a column's text, and {{ and }} for literal braces.",
  },
  QI013: {
    title: "Unknown column",
    meaning: "A template or the mapping of `source` names a column that the file does not have. Case matters.",
    fix: "Take the column that the hint names. If the whole header was taken for one column, set `delimiter`.",
  },
  QI014: {
    title: "Header not usable",
    meaning: "A CSV file has no header, the same header twice, or the header `__proto__`.",
    fix: "Give each column that is meant a header of its own; columns without a header are passed over.",
  },
  QI015: {
    title: "Row with too few or too many cells",
    meaning: "A CSV row has another number of cells than the header, so that no cell is sure to be what it seems.",
    fix: "Put cells that hold the delimiter, a quote or a line break in double quotes.",
  },
  QI016: {
    title: "Cell not of its type",
    meaning:
      "A cell is no number, whole number, true or false, date or priority, although it is read as one; or it is a time that its zone's clock never shows.",
    fix: "Correct the cell, or read the column as text.",
  },
  QI017: {
    title: "Number in a row loses digits",
    meaning: "A number has more digits than a computer's number keeps, so another number would be sent.",
    fix: "Read the column with `type: text` if it is an identifier; in JSON put it in quotes.",
  },
  QI018: {
    title: "Zone of dates unknown",
    meaning: "A source has dates without a zone, and `source.timeZone` is missing or is no zone of the IANA database.",
    fix: "Set `timeZone` to a name such as Europe/Bucharest or UTC.",
  },
  QI019: {
    title: "CSV quotes broken",
    meaning:
      "A quote stands inside a cell that is not in quotes, behind the end of one that is, or is never closed. What follows cannot be told apart, so reading ends there.",
    fix: "Put the whole cell in double quotes, and double each quote in it.",
  },
  QI020: {
    title: "Row is not JSON",
    meaning: "A row of an NDJSON or JSON source is no valid JSON, or is no mapping; or a .json file is not one list.",
    fix: "Write one mapping a line into .ndjson, or one list of mappings into .json.",
  },
  QI021: {
    title: "Key of a row not allowed",
    meaning: "A row has the same key twice, or the key `__proto__`. JSON readers differ in what they make of either.",
    fix: "Remove or rename one of them.",
  },
  QI022: {
    title: "Row too long",
    meaning: "A row has more than 5 MB. Orchestrator would not take it, and reading it would take much memory.",
    fix: "Store the large part elsewhere, for example in a bucket; in CSV look for a quote that is not closed.",
  },
  QI023: {
    title: "More rows are invalid",
    meaning: "Only the first 50 bad rows of a source are shown one by one; this is the count of the others.",
    fix: "Mend what is shown: it is often one mistake in all rows. Then validate again.",
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
    fix: "Choose a shorter timeout or backoff, or `until: none`.",
  },
  JB004: {
    title: "Time that Orchestrator cannot enforce",
    meaning:
      "`stopAfter` and `killAfter` are sent to Orchestrator as whole seconds. It kills only jobs that it has asked to stop, so `killAfter` counts from `stopAfter` and needs it.",
    fix: "Use whole seconds, such as 90s or 30m, and set `stopAfter` beside `killAfter`.",
  },
  JB005: {
    title: "Environment variables that cannot be sent",
    meaning:
      "A start carries environment variables as lines of NAME=VALUE, at most 4,000 characters in all: a name holds no `=`, and neither name nor value a line break.",
    fix: "Shorten them, or pass the value as an input argument.",
  },
  SJ001: {
    title: "Selection of jobs names a duration that is too long",
    meaning: "`runningFor` reaches back beyond any date.",
    fix: "Choose a shorter duration, for example 30d.",
  },
  SJ002: {
    title: "Escalation that cannot be",
    meaning:
      "`escalateAfter` kills what a SoftStop has not ended in this time: with strategy Kill there is nothing more to do, and no timer runs longer than 24 days.",
    fix: "Leave out `escalateAfter` or use strategy SoftStop; choose at most 24d.",
  },
  RV001: {
    title: "Review sets nothing",
    meaning: "A Review has neither reviewers, nor `unassign: true`, nor a reviewStatus, nor a comment.",
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
    meaning:
      "`${secret:NAME}`, or a variable that holds a secret, is used where values are shown. In the config secrets belong under `auth`, into `proxy`, or into the `variables` of a target.",
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
  CF010: {
    title: "Lease without a folder",
    meaning: "A target has a `lease`, and neither the lease nor the target names the folder of its queue.",
    fix: "Write `folder` under `lease`.",
  },
  CF011: {
    title: "Lease too short",
    meaning:
      "No write is sent that the lease does not outlive by `timing.request` and `timing.settle`. Right before it is renewed a lease has two thirds of its `ttl` left, and those are less.",
    fix: "Give `lease.ttl` at least one and a half times the two times together.",
  },
  CF012: {
    title: "Authorities unreadable",
    meaning: "The file that `caFile` of a target names is not there, is no PEM, or holds a certificate that is broken.",
    fix: "Name a PEM file with the certificates of your own authorities, one or several; see docs/networks.md.",
  },
  CF013: {
    title: "Proxy not usable",
    meaning:
      "`proxy` of a target, or HTTPS_PROXY (HTTP_PROXY where that is not set), is no address of an http or https proxy, or takes its host or port from a secret: messages name these.",
    fix: "Write `http://HOST:PORT`, `http://USER:PASSWORD@HOST:PORT`, or in a target `none`; see docs/networks.md.",
  },
  PL001: {
    title: "Queue's JSON schema cannot be used",
    meaning:
      "The queue has a JSON schema for content that orch-sync cannot read, for example of an unknown draft or with a reference to another document. The plan holds no item against it; the server does, when an item is written.",
    fix: "Ask who owns the queue for a schema of draft 4, 6, 7, 2019-09 or 2020-12 that stands for itself.",
  },
  PL010: {
    title: "No lease",
    meaning:
      "The plan adds items to a queue without unique references, starts jobs or posts comments, and the target has no `lease`. The server itself keeps none of these from being done twice: two applies that run at the same time can do so.",
    fix: "Let your pipeline run one apply per target at a time, or give the target a lease: see docs/lease.md.",
  },
  PL011: {
    title: "Lease's queue cannot be used",
    meaning: "The queue that `lease` names does not exist or is not what a lease needs. An apply refuses.",
    fix: "Make a queue for this alone: unique references, no automatic retry, no trigger, no JSON schema.",
  },
} as const satisfies Readonly<Record<string, DiagnosticExplanation>>;

export type DiagnosticCode = keyof typeof diagnosticCodes;

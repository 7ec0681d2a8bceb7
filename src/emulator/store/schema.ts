/** Raised when a data file of the last version can no longer be read. */
export const schemaVersion = 3;

/**
 * Times are {@link Instant} texts, enumerations their numbers, GUIDs lower case. `AUTOINCREMENT`: the Id of a
 * deleted row is never used again.
 */
export const schema = `
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

CREATE TABLE folders (
  id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL, path TEXT NOT NULL,
  path_folded TEXT NOT NULL UNIQUE, description TEXT, modern INTEGER NOT NULL,
  type INTEGER NOT NULL DEFAULT 0, feed INTEGER NOT NULL DEFAULT 1, parent_id INTEGER REFERENCES folders
) STRICT;

CREATE TABLE users (
  id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, user_name TEXT NOT NULL, name TEXT, surname TEXT,
  full_name TEXT, email TEXT, type INTEGER NOT NULL, active INTEGER NOT NULL, reviewer INTEGER NOT NULL, permissions TEXT, created TEXT NOT NULL, password TEXT,
  assigned INTEGER NOT NULL DEFAULT 0 -- 1: its folders are those of user_folders, even if there are none
) STRICT;
CREATE TABLE user_tokens (token TEXT PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users) STRICT, WITHOUT ROWID;
CREATE TABLE user_folders (user_id INTEGER NOT NULL REFERENCES users, folder_id INTEGER NOT NULL REFERENCES folders,
  PRIMARY KEY (user_id, folder_id)) STRICT, WITHOUT ROWID;

CREATE TABLE applications (client_id TEXT PRIMARY KEY, secret TEXT NOT NULL, scopes TEXT NOT NULL,
  token_seconds INTEGER NOT NULL, permissions TEXT) STRICT;

CREATE TABLE machines (id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
  description TEXT, type INTEGER NOT NULL) STRICT;

CREATE TABLE robots (
  id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL, user_name TEXT, description TEXT, type INTEGER NOT NULL,
  machine_id INTEGER REFERENCES machines, user_id INTEGER REFERENCES users, modern INTEGER NOT NULL
) STRICT;
CREATE TABLE robot_folders (robot_id INTEGER NOT NULL REFERENCES robots, folder_id INTEGER NOT NULL REFERENCES folders,
  PRIMARY KEY (robot_id, folder_id)) STRICT, WITHOUT ROWID;

CREATE TABLE environments (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, description TEXT,
  folder_id INTEGER NOT NULL REFERENCES folders) STRICT;
CREATE TABLE environment_robots (environment_id INTEGER NOT NULL REFERENCES environments,
  robot_id INTEGER NOT NULL REFERENCES robots, PRIMARY KEY (environment_id, robot_id)) STRICT, WITHOUT ROWID;

CREATE TABLE releases (
  id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL, folder_id INTEGER NOT NULL REFERENCES folders,
  process_key TEXT NOT NULL, version TEXT NOT NULL, description TEXT, environment_id INTEGER REFERENCES environments,
  input_arguments TEXT, arguments TEXT NOT NULL, run_rule TEXT NOT NULL, created TEXT NOT NULL, retention_days INTEGER,
  priority INTEGER NOT NULL DEFAULT 1, specific_priority INTEGER NOT NULL DEFAULT 45, auto_update INTEGER NOT NULL DEFAULT 0,
  requires_user INTEGER NOT NULL DEFAULT 0, remote_control INTEGER NOT NULL DEFAULT 0, settings TEXT, tags TEXT NOT NULL DEFAULT '[]',
  deleted INTEGER NOT NULL DEFAULT 0 -- a job keeps its process, so the row stays
) STRICT;
-- What a process can be made of: arguments and runs are the package's, so that they outlive the processes.
CREATE TABLE packages (process_key TEXT NOT NULL, key_folded TEXT NOT NULL, version TEXT NOT NULL, arguments TEXT NOT NULL,
  run_rule TEXT NOT NULL, PRIMARY KEY (key_folded, version)) STRICT, WITHOUT ROWID;
-- Where a version of a package can begin; \`parameters\` is what is declared there, \`input\` the same as a JSON schema.
CREATE TABLE entry_points (
  id INTEGER PRIMARY KEY AUTOINCREMENT, key_folded TEXT NOT NULL, version TEXT NOT NULL, unique_id TEXT NOT NULL, path TEXT NOT NULL,
  parameters TEXT, input TEXT, UNIQUE (key_folded, version, path)
) STRICT;
-- The versions that a process has had, each time it was given one.
CREATE TABLE release_versions (
  id INTEGER PRIMARY KEY AUTOINCREMENT, release_id INTEGER NOT NULL REFERENCES releases, version TEXT NOT NULL, created TEXT NOT NULL
) STRICT;
CREATE INDEX release_versions_by_release ON release_versions (release_id);

CREATE TABLE queues (
  id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL, name_folded TEXT NOT NULL, description TEXT,
  max_retries INTEGER NOT NULL, auto_retry INTEGER NOT NULL, unique_references INTEGER NOT NULL, encrypted INTEGER NOT NULL,
  json_schema TEXT, output_schema TEXT, analytics_schema TEXT, sla_minutes INTEGER NOT NULL DEFAULT 0,
  risk_sla_minutes INTEGER NOT NULL DEFAULT 0, tags TEXT NOT NULL DEFAULT '[]', release_id INTEGER REFERENCES releases, schedule_id INTEGER, created TEXT NOT NULL,
  retry_abandoned INTEGER NOT NULL DEFAULT 0, broken_index INTEGER NOT NULL DEFAULT 0, final_days INTEGER, stale_days INTEGER,
  trigger_threshold INTEGER NOT NULL DEFAULT 1, trigger_max_jobs INTEGER NOT NULL DEFAULT 1, trigger_items_per_job INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE TABLE queue_folders (queue_id INTEGER NOT NULL REFERENCES queues, folder_id INTEGER NOT NULL REFERENCES folders,
  PRIMARY KEY (queue_id, folder_id)) STRICT, WITHOUT ROWID;
-- References of unique queues whose items retention has purged.
CREATE TABLE purged_references (queue_id INTEGER NOT NULL REFERENCES queues ON DELETE CASCADE, reference_folded TEXT NOT NULL,
  PRIMARY KEY (queue_id, reference_folded)) STRICT, WITHOUT ROWID;

-- Of an asset and of its values for robots and users, the columns are the contract's; passwords and secrets are not kept, as none is ever read back.
CREATE TABLE assets (
  id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL, name_folded TEXT NOT NULL, description TEXT,
  scope INTEGER NOT NULL, has_default INTEGER NOT NULL, type INTEGER NOT NULL, text TEXT, flag INTEGER NOT NULL, number INTEGER NOT NULL,
  user_name TEXT, external_name TEXT, store_id INTEGER, pairs TEXT NOT NULL, tags TEXT NOT NULL,
  created TEXT NOT NULL, creator_id INTEGER, modified TEXT, modifier_id INTEGER
) STRICT;
CREATE TABLE asset_folders (asset_id INTEGER NOT NULL REFERENCES assets ON DELETE CASCADE,
  folder_id INTEGER NOT NULL REFERENCES folders, PRIMARY KEY (asset_id, folder_id)) STRICT, WITHOUT ROWID;
CREATE TABLE asset_values (
  id INTEGER PRIMARY KEY AUTOINCREMENT, asset_id INTEGER NOT NULL REFERENCES assets ON DELETE CASCADE,
  robot_id INTEGER REFERENCES robots, user_id INTEGER REFERENCES users, machine_id INTEGER REFERENCES machines,
  type INTEGER NOT NULL, text TEXT, flag INTEGER NOT NULL, number INTEGER NOT NULL, user_name TEXT,
  external_name TEXT, store_id INTEGER, pairs TEXT NOT NULL
) STRICT;
CREATE INDEX asset_values_by_asset ON asset_values (asset_id);

CREATE TABLE items (
  id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL, queue_id INTEGER NOT NULL REFERENCES queues,
  reference TEXT, reference_folded TEXT, status INTEGER NOT NULL, review_status INTEGER NOT NULL,
  reviewer_id INTEGER REFERENCES users, robot_id INTEGER REFERENCES robots, priority INTEGER NOT NULL,
  content TEXT, output TEXT, analytics TEXT, exception TEXT, exception_type INTEGER,
  defer_date TEXT, due_date TEXT, risk_sla_date TEXT, start_processing TEXT, end_processing TEXT,
  seconds_in_previous_attempts INTEGER NOT NULL DEFAULT 0, ancestor_id INTEGER, retry_number INTEGER NOT NULL DEFAULT 0,
  created TEXT NOT NULL, progress TEXT, version INTEGER NOT NULL, modified TEXT, abandons_at TEXT,
  own_key TEXT, parent_operation_id TEXT, operation_id TEXT, manual_ancestor_id INTEGER, manual_retry_number INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX items_by_reference ON items (reference_folded, queue_id);
CREATE INDEX items_by_key ON items (key);
CREATE INDEX items_by_queue ON items (queue_id);
CREATE INDEX items_by_status ON items (queue_id, status);
CREATE INDEX items_in_progress ON items (abandons_at) WHERE status = 1;

CREATE TABLE item_events (
  id INTEGER PRIMARY KEY AUTOINCREMENT, item_id INTEGER NOT NULL REFERENCES items, time TEXT NOT NULL, action INTEGER NOT NULL,
  data TEXT, user_id INTEGER REFERENCES users, client_id TEXT, status INTEGER NOT NULL, review_status INTEGER NOT NULL,
  reviewer_id INTEGER REFERENCES users
) STRICT;
CREATE INDEX events_by_item ON item_events (item_id);

CREATE TABLE item_comments (
  id INTEGER PRIMARY KEY AUTOINCREMENT, item_id INTEGER NOT NULL REFERENCES items, text TEXT NOT NULL, created TEXT NOT NULL,
  user_id INTEGER REFERENCES users
) STRICT;
CREATE INDEX comments_by_item ON item_comments (item_id);

-- A job's course is written down when it is created or stopped; its state is read off it and the clock.
CREATE TABLE jobs (
  id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, folder_id INTEGER NOT NULL REFERENCES folders,
  release_id INTEGER NOT NULL REFERENCES releases, robot_id INTEGER REFERENCES robots, machine_id INTEGER REFERENCES machines,
  batch_key TEXT NOT NULL, reference TEXT, source TEXT NOT NULL, source_type INTEGER NOT NULL, priority INTEGER NOT NULL,
  specific_priority INTEGER NOT NULL, runtime_type INTEGER NOT NULL, stop_strategy INTEGER, requires_user INTEGER NOT NULL,
  input_arguments TEXT, created TEXT NOT NULL, held_state INTEGER, held_until TEXT,
  starts_at TEXT, stops_at TEXT, ends_at TEXT, final_state INTEGER NOT NULL, final_info TEXT, final_output TEXT,
  environment_variables TEXT, input_file TEXT, entry_point TEXT, final_error TEXT, version_id INTEGER REFERENCES release_versions
) STRICT;
CREATE INDEX jobs_by_folder ON jobs (folder_id, id);
CREATE INDEX jobs_by_release ON jobs (release_id);
CREATE INDEX jobs_by_batch ON jobs (batch_key);
CREATE INDEX jobs_by_reference ON jobs (reference);

CREATE TABLE row_version (value INTEGER NOT NULL) STRICT;

-- What SQLite is to think of the items, however many there are: a reference is rare, a queue and a status are not.
-- Without it, it walks through a whole queue for one reference, as that spares it a sort.
ANALYZE items;
DELETE FROM sqlite_stat1;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('items', 'items_by_reference', '1000000 2 1'), ('items', 'items_by_key', '1000000 2'),
  ('items', 'items_by_queue', '1000000 100000'), ('items', 'items_by_status', '1000000 100000 20000'), ('items', 'items_in_progress', '1000 1');
ANALYZE sqlite_schema
`;

/** What a page shows of other rows is looked up for the rows of the page only, not for those skipped or counted. */
const itemColumns = `i.*, NULL AS absent, 0 AS zero, 1 AS one, qf.folder_id,
  (SELECT q.encrypted FROM queues q WHERE q.id = i.queue_id) AS encrypted,
  (SELECT f.path FROM folders f WHERE f.id = qf.folder_id) AS folder_path,
  coalesce(i.own_key, i.key) AS unique_key,
  (SELECT coalesce(a.own_key, a.key) FROM items a WHERE a.id = i.ancestor_id) AS ancestor_key,
  (SELECT coalesce(a.own_key, a.key) FROM items a WHERE a.id = i.manual_ancestor_id) AS manual_ancestor_key,
  CASE WHEN i.content IS NOT NULL THEN '{"DynamicProperties":' || i.content || '}' END AS specific_data,
  CASE WHEN i.output IS NOT NULL THEN '{"DynamicProperties":' || i.output || '}' END AS output_data,
  CASE WHEN i.analytics IS NOT NULL THEN '{"DynamicProperties":' || i.analytics || '}' END AS analytics_data`;

/**
 * What the lists read. An item and a queue have a row for each folder they are in. `absent`, `zero` and `one` stand
 * behind properties that the contract has and this tenant never fills.
 */
export const views = `
CREATE TEMP VIEW folder_rows AS SELECT f.*, p.key AS parent_key, NULL AS absent, 0 AS zero, 1 AS one,
  EXISTS (SELECT 1 FROM folders w WHERE w.type = 1 AND substr(f.path_folded, 1, length(w.path_folded) + 1) = w.path_folded || '/') AS in_workspace FROM folders f LEFT JOIN folders p ON p.id = f.parent_id;

CREATE TEMP VIEW robot_rows AS SELECT r.*, NULL AS absent, '' AS blank, 0 AS zero, 1 AS one, m.name AS machine_name,
  coalesce((SELECT group_concat(e.name, ',' ORDER BY e.id) FROM environment_robots er
    JOIN environments e ON e.id = er.environment_id WHERE er.robot_id = r.id), '') AS environment_names
  FROM robots r LEFT JOIN machines m ON m.id = r.machine_id;

CREATE TEMP VIEW release_rows AS SELECT r.*, NULL AS absent, 0 AS zero, 1 AS one, e.name AS environment_name, f.path AS folder_path, f.key AS folder_key,
  (SELECT max(v.id) FROM release_versions v WHERE v.release_id = r.id) AS version_id
  FROM releases r JOIN folders f ON f.id = r.folder_id LEFT JOIN environments e ON e.id = r.environment_id WHERE r.deleted = 0;

CREATE TEMP VIEW version_rows AS SELECT v.*, r.name AS release_name FROM release_versions v JOIN releases r ON r.id = v.release_id;

CREATE TEMP VIEW queue_rows AS SELECT q.*, NULL AS absent, 0 AS zero, 1 AS one, qf.folder_id, f.path AS folder_path,
  (SELECT count(*) FROM queue_folders n WHERE n.queue_id = q.id) AS folders_count,
  (SELECT r.folder_id IS qf.folder_id FROM releases r WHERE r.id = q.release_id) AS release_here
  FROM queues q JOIN queue_folders qf ON qf.queue_id = q.id JOIN folders f ON f.id = qf.folder_id;

CREATE TEMP VIEW asset_value_rows AS SELECT v.*, NULL AS absent, '' AS blank, r.name AS robot_name, u.user_name AS account, m.name AS machine_name,
  CASE v.type WHEN 3 THEN iif(v.flag, 'True', 'False') WHEN 4 THEN CAST(v.number AS TEXT) ELSE coalesce(nullif(v.text, ''), v.user_name, '') END AS value
  FROM asset_values v LEFT JOIN robots r ON r.id = v.robot_id LEFT JOIN users u ON u.id = v.user_id LEFT JOIN machines m ON m.id = v.machine_id;

CREATE TEMP VIEW asset_rows AS SELECT a.*, NULL AS absent, '' AS blank, 1 AS one, af.folder_id,
  CASE a.type WHEN 3 THEN iif(a.flag, 'True', 'False') WHEN 4 THEN CAST(a.number AS TEXT) ELSE coalesce(nullif(a.text, ''), a.user_name, '') END AS value,
  (SELECT count(*) FROM asset_folders n WHERE n.asset_id = a.id) AS folders_count
  FROM assets a JOIN asset_folders af ON af.asset_id = a.id;

CREATE TEMP VIEW item_rows AS SELECT ${itemColumns} FROM items i JOIN queue_folders qf ON qf.queue_id = i.queue_id;
-- The same rows for counting: folder by folder, so that an index has all that is asked for.
CREATE TEMP VIEW counted_item_rows AS SELECT ${itemColumns} FROM queue_folders qf CROSS JOIN items i ON i.queue_id = qf.queue_id;

CREATE TEMP VIEW user_rows AS SELECT u.*, NULL AS absent, 0 AS zero, 1 AS one FROM users u;

CREATE TEMP VIEW event_rows AS SELECT e.*, u.user_name, r.user_name AS reviewer_name
  FROM item_events e LEFT JOIN users u ON u.id = e.user_id LEFT JOIN users r ON r.id = e.reviewer_id;

CREATE TEMP VIEW comment_rows AS SELECT c.*, u.user_name FROM item_comments c LEFT JOIN users u ON u.id = c.user_id;

-- States: Pending 0, Running 1, Stopping 2; what has ended has the state of its course.
CREATE TEMP VIEW job_rows AS SELECT j.*, NULL AS absent, 0 AS zero, 1 AS one, r.name AS release_name, r.process_key, f.path AS folder_path, m.name AS machine_name,
  CASE WHEN j.ends_at <= now() THEN j.final_state WHEN j.held_state IS NOT NULL AND (j.held_until IS NULL OR j.held_until > now()) THEN j.held_state
    WHEN j.starts_at IS NULL OR j.starts_at > now() THEN 0 WHEN j.stops_at <= now() THEN 2 ELSE 1 END AS state,
  CASE WHEN j.starts_at <= now() THEN j.starts_at END AS start_time,
  CASE WHEN j.ends_at <= now() THEN j.ends_at END AS end_time,
  CASE WHEN j.ends_at <= now() THEN j.final_info END AS info,
  CASE WHEN j.ends_at <= now() THEN j.final_error END AS error,
  CASE WHEN j.ends_at <= now() THEN json_extract(j.final_error, '$.code') END AS error_code,
  CASE WHEN j.ends_at <= now() THEN j.final_output END AS output_arguments
  FROM jobs j JOIN releases r ON r.id = j.release_id JOIN folders f ON f.id = j.folder_id
  LEFT JOIN machines m ON m.id = j.machine_id;

-- A robot writes down the start and the end of each job.
CREATE TEMP VIEW robot_log_rows AS
  SELECT 2 * j.id + n.ending AS id, j.zero, j.absent, j.folder_id, j.key, j.release_name, j.machine_name, j.machine_id, j.runtime_type,
    r.name AS robot_name, r.user_name AS identity, iif(n.ending, j.end_time, j.start_time) AS time,
    iif(n.ending AND j.state = 4, 4, 2) AS level, j.release_name || iif(n.ending, ' execution ended', ' execution started') AS message
  FROM job_rows j JOIN (SELECT 0 AS ending UNION ALL SELECT 1) n LEFT JOIN robots r ON r.id = j.robot_id
  WHERE iif(n.ending, j.end_time, j.start_time) IS NOT NULL;

-- What each queue's retention is: of final items, of new ones. The built-in policy stands where nothing is set.
CREATE TEMP VIEW retention_rows AS
  SELECT q.*, 0 AS retention_type, coalesce(q.final_days, 30) AS period FROM queue_rows q
  UNION ALL SELECT q.*, 1, coalesce(q.stale_days, 180) FROM queue_rows q;

-- What was processed in each minute (1), hour (2) and day (3) of a queue's items.
CREATE TEMP VIEW queue_record_rows AS SELECT p.*, p.successful + p.application + p.business AS total, 1 AS one,
  (SELECT count(*) FROM items n WHERE n.queue_id = p.queue_id AND n.status = 0) AS waiting,
  (SELECT count(*) FROM items n WHERE n.queue_id = p.queue_id AND n.status = 1) AS in_progress
  FROM (SELECT min(i.id) AS id, i.queue_id, r.value AS report, substr(i.end_processing, 1, r.length) || substr('0000-00-00T00:00:00.0000000Z', r.length + 1) AS time,
    count(*) FILTER (WHERE i.status = 3) AS successful,
    count(*) FILTER (WHERE i.exception_type = 0) AS application, count(*) FILTER (WHERE i.exception_type = 1) AS business,
    count(*) FILTER (WHERE i.status = 5) AS retried,
    coalesce(sum(seconds(i.start_processing, i.end_processing)) FILTER (WHERE i.status = 3), 0) AS successful_time,
    coalesce(sum(seconds(i.start_processing, i.end_processing)) FILTER (WHERE i.exception_type = 0), 0) AS application_time,
    coalesce(sum(seconds(i.start_processing, i.end_processing)) FILTER (WHERE i.exception_type = 1), 0) AS business_time
    FROM items i JOIN (SELECT 1 AS value, 16 AS length UNION ALL SELECT 2, 13 UNION ALL SELECT 3, 10) r
    WHERE i.end_processing IS NOT NULL AND i.status <> 6 GROUP BY i.queue_id, r.value, time) p;

CREATE TEMP VIEW queue_status_rows AS SELECT q.*, r.name AS release_name,
  q.json_schema IS NOT NULL AS has_schema, q.output_schema IS NOT NULL AS has_output_schema,
  q.analytics_schema IS NOT NULL AS has_analytics_schema, s.waiting, s.in_progress, s.successful, s.application, s.business,
  s.successful + s.application + s.business AS total, s.successful_time, s.application_time, s.business_time,
  s.mean_time, s.last_processed
  FROM queue_rows q LEFT JOIN releases r ON r.id = q.release_id JOIN (
    SELECT n.id AS queue_id, count(*) FILTER (WHERE i.status = 0) AS waiting, count(*) FILTER (WHERE i.status = 1) AS in_progress,
      count(*) FILTER (WHERE i.status = 3) AS successful,
      count(*) FILTER (WHERE i.exception_type = 0) AS application, count(*) FILTER (WHERE i.exception_type = 1) AS business,
      coalesce(avg(seconds(i.start_processing, i.end_processing)) FILTER (WHERE i.status = 3), 0) AS successful_time,
      coalesce(avg(seconds(i.start_processing, i.end_processing)) FILTER (WHERE i.exception_type = 0), 0) AS application_time,
      coalesce(avg(seconds(i.start_processing, i.end_processing)) FILTER (WHERE i.exception_type = 1), 0) AS business_time,
      coalesce(avg(seconds(i.start_processing, i.end_processing)), 0) AS mean_time, max(i.end_processing) AS last_processed
    FROM queues n LEFT JOIN items i ON i.queue_id = n.id AND i.status <> 6 GROUP BY n.id) s ON s.queue_id = q.id
`;

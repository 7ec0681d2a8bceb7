/** Raised when a data file of the last version can no longer be read. */
export const schemaVersion = 1;

/**
 * Times are {@link Instant} texts, enumerations their numbers, GUIDs lower case. `AUTOINCREMENT`: the Id of a
 * deleted row is never used again.
 */
export const schema = `
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

CREATE TABLE folders (
  id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL, path TEXT NOT NULL,
  path_folded TEXT NOT NULL UNIQUE, description TEXT, modern INTEGER NOT NULL, parent_id INTEGER REFERENCES folders
) STRICT;

CREATE TABLE users (
  id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, user_name TEXT NOT NULL, name TEXT, surname TEXT,
  full_name TEXT, email TEXT, type INTEGER NOT NULL, active INTEGER NOT NULL, reviewer INTEGER NOT NULL, created TEXT NOT NULL
) STRICT;
CREATE TABLE user_folders (user_id INTEGER NOT NULL REFERENCES users, folder_id INTEGER NOT NULL REFERENCES folders,
  PRIMARY KEY (user_id, folder_id)) STRICT, WITHOUT ROWID;

CREATE TABLE applications (client_id TEXT PRIMARY KEY, secret TEXT NOT NULL, scopes TEXT NOT NULL,
  token_seconds INTEGER NOT NULL) STRICT;

CREATE TABLE machines (id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
  description TEXT, type INTEGER NOT NULL) STRICT;

CREATE TABLE robots (
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, user_name TEXT, description TEXT, type INTEGER NOT NULL,
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
  input_arguments TEXT, arguments TEXT NOT NULL, run_rule TEXT NOT NULL, created TEXT NOT NULL
) STRICT;

CREATE TABLE queues (
  id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL, name_folded TEXT NOT NULL, description TEXT,
  max_retries INTEGER NOT NULL, auto_retry INTEGER NOT NULL, unique_references INTEGER NOT NULL, encrypted INTEGER NOT NULL,
  json_schema TEXT, release_id INTEGER REFERENCES releases, schedule_id INTEGER, created TEXT NOT NULL
) STRICT;
CREATE TABLE queue_folders (queue_id INTEGER NOT NULL REFERENCES queues, folder_id INTEGER NOT NULL REFERENCES folders,
  PRIMARY KEY (queue_id, folder_id)) STRICT, WITHOUT ROWID;

CREATE TABLE items (
  id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL, queue_id INTEGER NOT NULL REFERENCES queues,
  reference TEXT, reference_folded TEXT, status INTEGER NOT NULL, review_status INTEGER NOT NULL,
  reviewer_id INTEGER REFERENCES users, robot_id INTEGER REFERENCES robots, priority INTEGER NOT NULL,
  content TEXT, output TEXT, analytics TEXT, exception TEXT, exception_type INTEGER,
  defer_date TEXT, due_date TEXT, risk_sla_date TEXT, start_processing TEXT, end_processing TEXT,
  seconds_in_previous_attempts INTEGER NOT NULL DEFAULT 0, ancestor_id INTEGER, retry_number INTEGER NOT NULL DEFAULT 0,
  created TEXT NOT NULL, progress TEXT, version INTEGER NOT NULL
) STRICT;
CREATE INDEX items_by_reference ON items (queue_id, reference_folded);
CREATE INDEX items_by_status ON items (queue_id, status);

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
  input_arguments TEXT, created TEXT NOT NULL, held_state INTEGER,
  starts_at TEXT, stops_at TEXT, ends_at TEXT, final_state INTEGER NOT NULL, final_info TEXT, final_output TEXT
) STRICT;
CREATE INDEX jobs_by_folder ON jobs (folder_id, id);
CREATE INDEX jobs_by_batch ON jobs (batch_key);
CREATE INDEX jobs_by_reference ON jobs (reference);

CREATE TABLE row_version (value INTEGER NOT NULL) STRICT
`;

/**
 * What the lists read. An item and a queue have a row for each folder they are in. `absent`, `zero` and `one` stand
 * behind properties that the contract has and this tenant never fills.
 */
export const views = `
CREATE TEMP VIEW folder_rows AS SELECT f.*, p.key AS parent_key, NULL AS absent, 0 AS zero, 1 AS one FROM folders f LEFT JOIN folders p ON p.id = f.parent_id;

CREATE TEMP VIEW robot_rows AS SELECT r.*, NULL AS absent, '' AS blank, 0 AS zero, 1 AS one, m.name AS machine_name,
  coalesce((SELECT group_concat(e.name, ',' ORDER BY e.id) FROM environment_robots er
    JOIN environments e ON e.id = er.environment_id WHERE er.robot_id = r.id), '') AS environment_names
  FROM robots r LEFT JOIN machines m ON m.id = r.machine_id;

CREATE TEMP VIEW release_rows AS SELECT r.*, NULL AS absent, 0 AS zero, 1 AS one, 45 AS specific_priority, e.name AS environment_name, f.path AS folder_path
  FROM releases r JOIN folders f ON f.id = r.folder_id LEFT JOIN environments e ON e.id = r.environment_id;

CREATE TEMP VIEW queue_rows AS SELECT q.*, NULL AS absent, 0 AS zero, 1 AS one, qf.folder_id, f.path AS folder_path,
  (SELECT count(*) FROM queue_folders n WHERE n.queue_id = q.id) AS folders_count,
  (SELECT r.folder_id IS qf.folder_id FROM releases r WHERE r.id = q.release_id) AS release_here
  FROM queues q JOIN queue_folders qf ON qf.queue_id = q.id JOIN folders f ON f.id = qf.folder_id;

CREATE TEMP VIEW item_rows AS SELECT i.*, NULL AS absent, 0 AS zero, 1 AS one, q.encrypted, qf.folder_id, f.path AS folder_path,
  CASE WHEN i.content IS NOT NULL THEN '{"DynamicProperties":' || i.content || '}' END AS specific_data,
  CASE WHEN i.output IS NOT NULL THEN '{"DynamicProperties":' || i.output || '}' END AS output_data,
  CASE WHEN i.analytics IS NOT NULL THEN '{"DynamicProperties":' || i.analytics || '}' END AS analytics_data
  FROM items i JOIN queues q ON q.id = i.queue_id JOIN queue_folders qf ON qf.queue_id = i.queue_id
  JOIN folders f ON f.id = qf.folder_id;

CREATE TEMP VIEW user_rows AS SELECT u.*, NULL AS absent, 0 AS zero, 1 AS one FROM users u;

CREATE TEMP VIEW event_rows AS SELECT e.*, u.user_name, r.user_name AS reviewer_name
  FROM item_events e LEFT JOIN users u ON u.id = e.user_id LEFT JOIN users r ON r.id = e.reviewer_id;

CREATE TEMP VIEW comment_rows AS SELECT c.*, u.user_name FROM item_comments c LEFT JOIN users u ON u.id = c.user_id;

-- States: Pending 0, Running 1, Stopping 2; what has ended has the state of its course.
CREATE TEMP VIEW job_rows AS SELECT j.*, NULL AS absent, 0 AS zero, 1 AS one, r.name AS release_name, r.process_key, f.path AS folder_path, m.name AS machine_name,
  CASE WHEN j.ends_at <= now() THEN j.final_state WHEN j.held_state IS NOT NULL THEN j.held_state
    WHEN j.starts_at IS NULL OR j.starts_at > now() THEN 0 WHEN j.stops_at <= now() THEN 2 ELSE 1 END AS state,
  CASE WHEN j.starts_at <= now() THEN j.starts_at END AS start_time,
  CASE WHEN j.ends_at <= now() THEN j.ends_at END AS end_time,
  CASE WHEN j.ends_at <= now() THEN j.final_info END AS info,
  CASE WHEN j.ends_at <= now() THEN j.final_output END AS output_arguments
  FROM jobs j JOIN releases r ON r.id = j.release_id JOIN folders f ON f.id = j.folder_id
  LEFT JOIN machines m ON m.id = j.machine_id;

CREATE TEMP VIEW queue_status_rows AS SELECT q.*, r.name AS release_name,
  q.json_schema IS NOT NULL AS has_schema, s.waiting, s.in_progress, s.successful, s.application, s.business,
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

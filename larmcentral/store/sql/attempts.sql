-- name: lock
-- Hold the count of one key, a fresh one if it has none, until the transaction ends.
INSERT INTO sign_in_attempts AS a (key, failures, last_at) VALUES ($1, 0, $2)
ON CONFLICT (key) DO UPDATE SET last_at = a.last_at
RETURNING failures, last_at, blocked_until;

-- name: save
-- Write a count back.
UPDATE sign_in_attempts SET failures = $2, last_at = $3, blocked_until = $4 WHERE key = $1;

-- name: forgive
-- The password was right: this try was no failure.
UPDATE sign_in_attempts SET failures = greatest(failures - 1, 0), blocked_until = NULL WHERE key = $1;

-- name: forget
-- Drop a count.
DELETE FROM sign_in_attempts WHERE key = $1;

-- name: forget_old
-- Drop some of the counts that nobody added to since, but none that is in use.
DELETE FROM sign_in_attempts WHERE key IN (
    SELECT key FROM sign_in_attempts WHERE last_at < $1 ORDER BY key LIMIT 100 FOR UPDATE SKIP LOCKED);

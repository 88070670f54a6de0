-- name: rows
-- Rows that were agreed otherwise than we propose.
SELECT receiver, kind, silent, body, version, made_at, made_by FROM forwarder_rows WHERE organisation_id = $1;

-- name: states
-- In whose test state we are, or were.
SELECT receiver, test_until, changed_at, changed_by FROM forwarder_states WHERE organisation_id = $1;

-- name: signatures
-- The newest signature of each row as it was then.
SELECT DISTINCT ON (receiver, kind, silent, fingerprint) *
FROM forwarder_signatures WHERE organisation_id = $1
ORDER BY receiver, kind, silent, fingerprint, signed_at DESC;

-- name: beats
-- The last beat on each path.
SELECT receiver, path, every_s, tried_at, heard_at, missed, words
FROM forwarder_beats WHERE organisation_id = $1 ORDER BY receiver, path;

-- name: hold
-- Take or keep the duty to beat until $4, if nobody else has it at $3.
INSERT INTO forwarder_keepers AS k (organisation_id, owner, lease_until) VALUES ($1, $2, $4)
ON CONFLICT (organisation_id) DO UPDATE SET owner = excluded.owner, lease_until = excluded.lease_until
WHERE k.owner = excluded.owner OR k.lease_until <= $3::timestamptz
RETURNING true;

-- name: keep_beat
-- Write down what came of a beat; one that is older than what stands is passed over.
INSERT INTO forwarder_beats AS b (organisation_id, receiver, path, every_s, tried_at, heard_at, missed, words)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (organisation_id, receiver, path) DO UPDATE SET every_s = excluded.every_s, tried_at = excluded.tried_at,
    heard_at = coalesce(excluded.heard_at, b.heard_at), missed = excluded.missed, words = excluded.words
WHERE b.tried_at <= excluded.tried_at;

-- name: new_row
-- A row is agreed for the first time; nothing comes back if somebody was first.
INSERT INTO forwarder_rows (organisation_id, receiver, kind, silent, body, version, made_at, made_by)
VALUES ($1, $2, $3, $4, $5, 1, $6, $7)
ON CONFLICT DO NOTHING RETURNING version;

-- name: next_row
-- The next version of a row; nothing comes back if it was not made from the one that stands.
UPDATE forwarder_rows SET body = $5, version = version + 1, made_at = $6, made_by = $7
WHERE organisation_id = $1 AND receiver = $2 AND kind = $3 AND silent = $4 AND version = $8
RETURNING version;

-- name: remove_row
-- Our proposal holds again.
DELETE FROM forwarder_rows WHERE organisation_id = $1 AND receiver = $2 AND kind = $3 AND silent = $4;

-- name: set_state
-- The centre has us in its test state until then, or no more.
INSERT INTO forwarder_states (organisation_id, receiver, test_until, changed_at, changed_by)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (organisation_id, receiver) DO UPDATE SET test_until = excluded.test_until,
    changed_at = excluded.changed_at, changed_by = excluded.changed_by;

-- name: row_test
-- A row's test and what came of it.
SELECT id, receiver, detail, state, asked_at, settled_at, reason, answer
FROM service_messages WHERE organisation_id = $1 AND id = $2 AND kind = 'receiver_test';

-- name: sign
-- Somebody answers for a row; the same signature again changes nothing.
INSERT INTO forwarder_signatures (organisation_id, id, receiver, kind, silent, fingerprint, test_id, tested_at, path,
    signed_at, signed_by, note)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (organisation_id, id) DO NOTHING;

-- name: file_downlinks
-- Words down to devices; the same id is written once.
INSERT INTO downlinks (organisation_id, committee_id, id, device_id, protocol, account, incident_id, kind, silent,
    language, filed_at, expires_at, sent_at, content, asked_by, quiet)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::uuid[], $8::text[],
    $9::bool[], $10::text[], $11::timestamptz[], $12::timestamptz[], $13::timestamptz[], $14::jsonb[], $15::uuid[],
    $16::bool[])
ON CONFLICT (organisation_id, id) DO NOTHING;

-- name: claim_downlinks
-- Take what waits for devices that are connected here and is still worth saying, of the kinds that we know ($4).
SELECT * FROM downlinks
WHERE sent_at IS NULL AND unsaid IS NULL AND expires_at > $3 AND kind = ANY ($4::text[])
    AND (protocol, account) IN (SELECT * FROM unnest($1::text[], $2::text[]))
ORDER BY filed_at, id FOR UPDATE SKIP LOCKED;

-- name: claim_expired
-- Take what nobody could say in time, of the kinds that we know ($3).
SELECT * FROM downlinks
WHERE sent_at IS NULL AND unsaid IS NULL AND expires_at <= $1 AND kind = ANY ($3::text[])
ORDER BY expires_at, id LIMIT $2 FOR UPDATE SKIP LOCKED;

-- name: waiting
-- Devices that something waits for.
SELECT DISTINCT protocol, account FROM downlinks WHERE sent_at IS NULL AND unsaid IS NULL AND expires_at > $1;

-- name: settle_downlinks
-- They were handed to the network, in so many frames.
UPDATE downlinks d SET sent_at = coalesce(d.sent_at, $3), frames = s.frames
FROM unnest($1::uuid[], $2::int[]) s (id, frames)
WHERE d.id = s.id AND d.unsaid IS NULL;

-- name: leave_unsaid
-- They will not be said.
UPDATE downlinks d SET unsaid = s.why
FROM unnest($1::uuid[], $2::text[]) s (id, why)
WHERE d.id = s.id AND d.sent_at IS NULL;

-- name: claim_unanswered
-- Take what devices may still answer, of the kinds that we know ($4): a frame with words, a sheet with as many as it
-- takes, a question where they are with a place.
SELECT * FROM downlinks
WHERE sent_at >= $3 AND kind = ANY ($4::text[])
    AND (replies < frames OR kind = 'commission' OR (kind = 'locate' AND placed_at IS NULL))
    AND (protocol, account) IN (SELECT * FROM unnest($1::text[], $2::text[]))
ORDER BY sent_at, id FOR UPDATE;

-- name: file_answers
-- What devices answered.
UPDATE downlinks d SET replies = a.replies, answered_at = a.answered_at, answer = a.answer, placed_at = a.placed_at
FROM unnest($1::uuid[], $2::int[], $3::timestamptz[], $4::text[], $5::timestamptz[])
    a (id, replies, answered_at, answer, placed_at)
WHERE d.id = a.id;

-- name: standing_order
-- The newest of its kind that waits for a device.
SELECT * FROM downlinks
WHERE device_id = $1 AND kind = $2 AND incident_id IS NOT DISTINCT FROM $3
    AND sent_at IS NULL AND unsaid IS NULL AND expires_at > $4
ORDER BY filed_at DESC, id DESC LIMIT 1;

-- name: sheet
-- A device's commissioning sheet.
SELECT * FROM commissioning_sheets WHERE device_id = $1;

-- name: keep_sheet
-- Write a device's commissioning sheet. It is its committee's, whoever wears the device.
INSERT INTO commissioning_sheets (organisation_id, committee_id, device_id, settings, note, changed_at, changed_by,
    quiet_locate)
SELECT d.organisation_id, d.committee_id, d.id, $3, $4, $5, $6, $7 FROM devices d
WHERE (d.organisation_id, d.id) = ($1, $2)
ON CONFLICT (organisation_id, device_id) DO UPDATE SET
    settings = excluded.settings, note = excluded.note, changed_at = excluded.changed_at,
    changed_by = excluded.changed_by, quiet_locate = excluded.quiet_locate;

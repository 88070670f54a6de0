-- name: asked_times
-- When messages of the kinds $1 were asked for since $2: by a user, to a point, or to any point of a person.
SELECT m.asked_at
FROM service_messages m
LEFT JOIN contact_points c ON (c.organisation_id, c.id) = (m.organisation_id, m.point_id)
WHERE m.kind = ANY ($1::text[]) AND m.asked_at > $2 AND ($3::uuid IS NULL OR m.asked_by = $3)
    AND ($4::uuid IS NULL OR m.point_id = $4) AND ($5::uuid IS NULL OR c.person_id = $5)
ORDER BY m.asked_at;

-- name: file
-- A message that is to go out now.
INSERT INTO service_messages (organisation_id, committee_id, id, kind, channel, point_id, receiver, detail, asked_by,
    asked_at, due_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9, $10, $10)
ON CONFLICT (organisation_id, id) DO NOTHING;

-- name: due
-- Whether one could be claimed at $1.
SELECT EXISTS (SELECT FROM service_messages WHERE state = 'pending' AND due_at <= $1
    AND (lease_until IS NULL OR lease_until <= $1));

-- name: claim
-- Lease to $2 until $3 what is due at $1 and in nobody's living hands; every claim is a try.
WITH due AS (
    SELECT organisation_id, id FROM service_messages
    WHERE state = 'pending' AND due_at <= $1 AND (lease_until IS NULL OR lease_until <= $1)
    ORDER BY due_at LIMIT $4 FOR UPDATE SKIP LOCKED
), taken AS (
    UPDATE service_messages m SET lease_owner = $2, lease_until = $3, tries = m.tries + 1
    FROM due WHERE (m.organisation_id, m.id) = (due.organisation_id, due.id)
    RETURNING m.*
)
SELECT t.*, CASE WHEN c.retired_at IS NULL THEN c.address END AS address, coalesce(p.language, 'sv') AS language,
    f.nonce, f.asked_at AS proof_asked_at, f.expires_at, f.tries AS wrong_codes
FROM taken t
LEFT JOIN contact_points c ON (c.organisation_id, c.id) = (t.organisation_id, t.point_id)
LEFT JOIN persons p ON (p.organisation_id, p.id) = (c.organisation_id, c.person_id)
LEFT JOIN point_proofs f ON (f.organisation_id, f.point_id) = (t.organisation_id, t.point_id)
ORDER BY t.due_at, t.id;

-- name: settle
-- What came of a try that was $2's, to whom it is still leased.
UPDATE service_messages SET state = $3, settled_at = $4, due_at = coalesce($5, due_at), provider = coalesce($6, provider),
    seconds = coalesce($7, seconds), reason = $8, answer = $9, lease_owner = NULL, lease_until = NULL
WHERE id = $1 AND lease_owner = $2 AND state = 'pending'
RETURNING point_id;

-- name: point_reached
-- A contact point that took a message works.
UPDATE contact_points SET last_reached_at = greatest(last_reached_at, $2) WHERE id = $1;

-- name: point_failed
-- A contact point that did not; one that is gone is not used again.
UPDATE contact_points SET last_failed_at = greatest(last_failed_at, $2), last_failed_why = $3,
    retired_at = CASE WHEN $4 THEN coalesce(retired_at, $2) ELSE retired_at END,
    retired_why = CASE WHEN $4 THEN coalesce(retired_why, $3) ELSE retired_why END
WHERE id = $1;

-- name: one
-- A message as it stands.
SELECT * FROM service_messages WHERE id = $1;

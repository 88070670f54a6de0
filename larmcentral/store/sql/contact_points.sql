-- name: hold
-- Nobody else who asks for the same name goes on before this transaction ends. Rows are not locked: settling the results
-- of alarms writes to contact points in bulk and must wait for nobody.
SELECT pg_advisory_xact_lock(hashtextextended($1::text, 0));

-- name: owner
-- Whose point it is.
SELECT person_id FROM contact_points WHERE id = $1;

-- name: of_person
-- A person's points, in the order in which they are tried.
SELECT * FROM contact_points WHERE person_id = $1 ORDER BY rank, id;

-- name: point
-- One point.
SELECT * FROM contact_points WHERE id = $1;

-- name: keep
-- Enter a point, or the same one again; what it was proven by went with what it was. Its address stays under its id: what
-- was sent to one address must not prove another.
INSERT INTO contact_points AS c (organisation_id, committee_id, id, person_id, channel, address, rank, label, made_at,
    retired_at, retired_why)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (organisation_id, id) DO UPDATE SET rank = excluded.rank, label = excluded.label, retired_at = excluded.retired_at,
    retired_why = excluded.retired_why, verified_at = NULL, last_failed_at = NULL, last_failed_why = NULL
WHERE (c.person_id, c.channel, c.address) = (excluded.person_id, excluded.channel, excluded.address);

-- name: retire
-- A point that is not used again.
UPDATE contact_points SET retired_at = $2, retired_why = $3 WHERE id = $1 AND retired_at IS NULL;

-- name: retire_elsewhere
-- An app reports for somebody else now.
UPDATE contact_points SET retired_at = $4, retired_why = $5
WHERE address = $2 AND channel = $1 AND id <> $3 AND retired_at IS NULL;

-- name: rank
-- The order in which a person's points are tried.
UPDATE contact_points c SET rank = w.rank
FROM unnest($1::uuid[], $2::int[]) AS w (id, rank)
WHERE c.id = w.id AND c.rank <> w.rank;

-- name: verify
-- Somebody answered from there.
UPDATE contact_points SET verified_at = coalesce(verified_at, $2) WHERE id = $1;

-- name: keep_proof
-- What is awaited of a point now.
INSERT INTO point_proofs (organisation_id, committee_id, point_id, nonce, asked_at, expires_at, tries)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (organisation_id, point_id) DO UPDATE SET nonce = excluded.nonce, asked_at = excluded.asked_at,
    expires_at = excluded.expires_at, tries = excluded.tries;

-- name: proof
-- What is awaited of a point, held so that every wrong code counts.
SELECT * FROM point_proofs WHERE point_id = $1 FOR UPDATE;

-- name: wrong_code
-- One more wrong code.
UPDATE point_proofs SET tries = tries + 1 WHERE point_id = $1;

-- name: forget_proofs
-- Proofs that nobody can give any more.
DELETE FROM point_proofs WHERE expires_at < $1;

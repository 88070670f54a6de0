-- name: kept
-- A secret of the house, sealed.
SELECT sealed FROM sealed_secrets WHERE organisation_id = $1 AND name = $2;

-- name: keep
-- A secret of the house in the place of the one before.
INSERT INTO sealed_secrets (organisation_id, name, sealed, changed_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (organisation_id, name) DO UPDATE SET sealed = excluded.sealed, changed_at = excluded.changed_at;

-- name: devices_to_seal
-- Devices whose secret must be read back and is not sealed with the current key; $1 are those that keep a mere hash,
-- $2 the magic of a sealed value with the current key's id behind it.
SELECT organisation_id, id, secret FROM devices
WHERE secret IS NOT NULL AND protocol <> ALL ($1::text[]) AND substring(secret FROM 1 FOR length($2::bytea)) <> $2
ORDER BY organisation_id, id
LIMIT $3 FOR UPDATE;

-- name: seal_devices
-- Put sealed secrets in the place of the ones that were read. Nothing changed for a receiver, so it need not look.
UPDATE devices d SET secret = w.sealed
FROM unnest($1::uuid[], $2::uuid[], $3::bytea[]) AS w (organisation_id, id, sealed)
WHERE (d.organisation_id, d.id) = (w.organisation_id, w.id);

-- name: next_to_seal
-- Devices whose coming secret is sealed with another key than the current one; $1 as $2 above.
SELECT organisation_id, id, next_secret AS secret FROM devices
WHERE next_secret IS NOT NULL AND substring(next_secret FROM 1 FOR length($1::bytea)) <> $1
ORDER BY organisation_id, id
LIMIT $2 FOR UPDATE;

-- name: seal_next
-- The same coming secrets, sealed with the current key.
UPDATE devices d SET next_secret = w.sealed
FROM unnest($1::uuid[], $2::uuid[], $3::bytea[]) AS w (organisation_id, id, sealed)
WHERE (d.organisation_id, d.id) = (w.organisation_id, w.id);

-- name: secrets_to_seal
-- Secrets of the house that are sealed with another key than the current one.
SELECT organisation_id, name, sealed FROM sealed_secrets
WHERE substring(sealed FROM 1 FOR length($1::bytea)) <> $1
ORDER BY organisation_id, name
LIMIT $2 FOR UPDATE;

-- name: seal_secrets
-- The same secrets, sealed with the current key.
UPDATE sealed_secrets s SET sealed = w.sealed
FROM unnest($1::uuid[], $2::text[], $3::bytea[]) AS w (organisation_id, name, sealed)
WHERE (s.organisation_id, s.name) = (w.organisation_id, w.name);

-- name: key_ids
-- The keys that anything is sealed with; $1 is the magic, $2 how long an id is.
SELECT DISTINCT substring(sealed FROM length($1::bytea) + 1 FOR $2::int) AS key_id FROM (
    SELECT secret AS sealed FROM devices WHERE secret IS NOT NULL
    UNION ALL SELECT next_secret FROM devices WHERE next_secret IS NOT NULL
    UNION ALL SELECT sealed FROM sealed_secrets) s
WHERE substring(sealed FROM 1 FOR length($1::bytea)) = $1 AND length(sealed) >= $3::int;

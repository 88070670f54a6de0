-- name: choices
-- Places of some committees by name; $3: a part of the name or address, or nothing.
SELECT pl.id, pl.committee_id, pl.name, pl.address, coalesce(f.risk, 0) AS risk,
    CASE WHEN c.signal_at IS NULL OR c.signal_at < c.no_signal_at THEN c.no_signal_at END AS no_signal_at
FROM places pl
LEFT JOIN place_flags f ON f.place_id = pl.id AND f.organisation_id = pl.organisation_id AND f.lifted_at IS NULL
LEFT JOIN place_coverage c ON c.organisation_id = pl.organisation_id AND c.place_id = pl.id
WHERE pl.organisation_id = $1 AND pl.committee_id = ANY ($2::uuid[]) AND pl.removed_at IS NULL
    AND ($3 = '' OR strpos(lower(pl.name), lower($3)) > 0 OR strpos(lower(pl.address), lower($3)) > 0)
ORDER BY pl.name, pl.id
LIMIT $4;

-- name: plan
-- The site plan of a place.
SELECT s.media_type, s.body
FROM places pl
JOIN place_plans s ON s.organisation_id = pl.organisation_id AND s.place_id = pl.id
WHERE pl.organisation_id = $1 AND pl.committee_id = ANY ($2::uuid[]) AND pl.id = $3 AND pl.removed_at IS NULL;

-- name: hold
-- Take a place, so that of two who write about it one comes after the other; whose it is.
SELECT pl.committee_id
FROM places pl
WHERE pl.organisation_id = $1 AND pl.committee_id = ANY ($2::uuid[]) AND pl.id = $3 AND pl.removed_at IS NULL
FOR UPDATE;

-- name: known
-- Whether a place may be part of the building $3 and belong to the unit $4: those named are there to be seen.
SELECT ($3::uuid IS NULL OR EXISTS (
        SELECT FROM places b
        WHERE b.organisation_id = $1 AND b.committee_id = ANY ($2::uuid[]) AND b.id = $3 AND b.removed_at IS NULL))
    AND ($4::uuid IS NULL OR EXISTS (
        SELECT FROM units u WHERE u.organisation_id = $1 AND u.committee_id = ANY ($2::uuid[]) AND u.id = $4));

-- name: update
-- What is new about a place; one that was removed is there again.
UPDATE places SET name = $4, address = $5, floor = $6, door_code = $7, notes = $8, lat = $9, lon = $10,
    building_id = $11, unit_id = $12, removed_at = NULL
WHERE organisation_id = $1 AND committee_id = $2 AND id = $3
RETURNING id;

-- name: enter
-- A new place. One with this id that cannot be seen from here stays as it is.
INSERT INTO places (organisation_id, committee_id, id, name, address, floor, door_code, notes, lat, lon, building_id,
    unit_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT DO NOTHING
RETURNING id;

-- name: remove
-- A place that is no longer to be chosen; what happened there still names it.
UPDATE places SET removed_at = $4
WHERE organisation_id = $1 AND committee_id = ANY ($2::uuid[]) AND id = $3 AND removed_at IS NULL
RETURNING id;

-- name: remove_plan
-- The site plan is dropped.
DELETE FROM place_plans WHERE organisation_id = $1 AND place_id = $2;

-- name: person_known
-- Whether somebody is there to be seen, to answer for a flag.
SELECT EXISTS (
    SELECT FROM persons p WHERE p.organisation_id = $1 AND p.committee_id = ANY ($2::uuid[]) AND p.id = $3);

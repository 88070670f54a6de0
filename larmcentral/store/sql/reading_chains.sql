-- name: rows
-- The chains of some committees, by name.
SELECT c.id, c.committee_id, c.name, c.version
FROM chains c
WHERE c.organisation_id = $1 AND c.committee_id = ANY ($2::uuid[])
ORDER BY c.name, c.id
LIMIT $3;

-- name: uses
-- Which real alarms take the chains of some committees; the whole committee's choice first, then units by name.
SELECT x.chain_id, x.unit_id, x.kind
FROM chain_choices x
LEFT JOIN units u ON u.organisation_id = x.organisation_id AND u.id = x.unit_id
WHERE x.organisation_id = $1 AND x.committee_id = ANY ($2::uuid[]) AND x.purpose = 'real'
ORDER BY u.name NULLS FIRST, x.unit_id, x.kind NULLS FIRST;

-- name: one
-- A chain in its newest version, and whose it is.
SELECT c.committee_id, c.version, v.body
FROM chains c
JOIN chain_versions v ON v.organisation_id = c.organisation_id AND v.chain_id = c.id AND v.version = c.version
WHERE c.organisation_id = $1 AND c.committee_id = ANY ($2::uuid[]) AND c.id = $3;

-- name: begin
-- A new chain. One with this id that stands already, to be seen from here or not, stays as it is.
INSERT INTO chains (organisation_id, committee_id, id, name, version) VALUES ($1, $2, $3, $4, 1)
ON CONFLICT DO NOTHING
RETURNING version;

-- name: move_on
-- The next version of a chain, if the one that it was made from still stands.
UPDATE chains SET name = $4, version = version + 1
WHERE organisation_id = $1 AND committee_id = $2 AND id = $3 AND version = $5
RETURNING version;

-- name: stands
-- Which version of a chain stands.
SELECT version FROM chains WHERE organisation_id = $1 AND committee_id = $2 AND id = $3;

-- name: units_known
-- How many of the named units are the committee's.
SELECT count(*) FROM units u
WHERE u.organisation_id = $1 AND u.committee_id = $2 AND u.id = ANY ($3::uuid[]);

-- name: drop_uses
-- No real alarm takes this chain, until it is said again.
DELETE FROM chain_choices
WHERE organisation_id = $1 AND committee_id = $2 AND chain_id = $3 AND purpose = 'real';

-- name: managers
-- Everybody who manages a unit of the committee.
SELECT DISTINCT m.person_id FROM unit_managers m
WHERE m.organisation_id = $1 AND m.committee_id = $2
ORDER BY m.person_id;

-- name: rows
-- The rotas of some committees, by name.
SELECT r.id, r.committee_id, r.name, r.version
FROM rotas r
WHERE r.organisation_id = $1 AND r.committee_id = ANY ($2::uuid[])
ORDER BY r.name, r.id
LIMIT $3;

-- name: one
-- A rota in its newest version, and whose it is.
SELECT r.committee_id, r.version, v.body
FROM rotas r
JOIN rota_versions v ON v.organisation_id = r.organisation_id AND v.rota_id = r.id AND v.version = r.version
WHERE r.organisation_id = $1 AND r.committee_id = ANY ($2::uuid[]) AND r.id = $3;

-- name: begin
-- A new rota. One with this id that stands already, to be seen from here or not, stays as it is.
INSERT INTO rotas (organisation_id, committee_id, id, name, version) VALUES ($1, $2, $3, $4, 1)
ON CONFLICT DO NOTHING
RETURNING version;

-- name: move_on
-- The next version of a rota, if the one that it was made from still stands.
UPDATE rotas SET name = $4, version = version + 1
WHERE organisation_id = $1 AND committee_id = $2 AND id = $3 AND version = $5
RETURNING version;

-- name: stands
-- Which version of a rota stands.
SELECT version FROM rotas WHERE organisation_id = $1 AND committee_id = $2 AND id = $3;

-- name: names
-- The names of those persons who are to be seen from here.
SELECT p.id, p.name FROM persons p
WHERE p.organisation_id = $1 AND p.committee_id = ANY ($2::uuid[]) AND p.id = ANY ($3::uuid[]);

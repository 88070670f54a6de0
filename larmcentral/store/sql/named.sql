-- name: person
-- Persons whose names carry $2, those of that very name first; $3: of one committee alone.
SELECT p.id, p.name, p.committee_id, c.name AS committee, lower(p.name) = lower($2) AS exact
FROM persons p
JOIN committees c ON c.organisation_id = p.organisation_id AND c.id = p.committee_id
WHERE p.organisation_id = $1 AND strpos(lower(p.name), lower($2)) > 0 AND ($3::uuid IS NULL OR p.committee_id = $3)
ORDER BY exact DESC, p.name, p.id
LIMIT $4;

-- name: unit
-- Units, likewise.
SELECT u.id, u.name, u.committee_id, c.name AS committee, lower(u.name) = lower($2) AS exact
FROM units u
JOIN committees c ON c.organisation_id = u.organisation_id AND c.id = u.committee_id
WHERE u.organisation_id = $1 AND strpos(lower(u.name), lower($2)) > 0 AND ($3::uuid IS NULL OR u.committee_id = $3)
ORDER BY exact DESC, u.name, u.id
LIMIT $4;

-- name: committee
-- Committees, likewise; $3 is nothing.
SELECT c.id, c.name, c.id AS committee_id, c.name AS committee, lower(c.name) = lower($2) AS exact
FROM committees c
WHERE c.organisation_id = $1 AND strpos(lower(c.name), lower($2)) > 0 AND ($3::uuid IS NULL OR c.id = $3)
ORDER BY exact DESC, c.name, c.id
LIMIT $4;

-- name: choose
-- The chain for each alarm: person's unit and kind before unit, before kind, before the committee's own. A technical
-- kind takes only a chain that was chosen for it: nobody rings the night team for a battery.
SELECT DISTINCT ON (w.ord) w.ord, v.body
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::bool[]) WITH ORDINALITY
    AS w (organisation_id, committee_id, unit_id, kind, purpose, technical, ord)
JOIN chain_choices c ON (c.organisation_id, c.committee_id, c.purpose) = (w.organisation_id, w.committee_id, w.purpose)
    AND (c.unit_id IS NULL OR c.unit_id = w.unit_id) AND (c.kind = w.kind OR (c.kind IS NULL AND NOT w.technical))
JOIN chains h ON (h.organisation_id, h.id) = (c.organisation_id, c.chain_id)
JOIN chain_versions v ON (v.organisation_id, v.chain_id, v.version) = (h.organisation_id, h.id, h.version)
ORDER BY w.ord, (c.unit_id IS NOT NULL) DESC, (c.kind IS NOT NULL) DESC;

-- name: roster
-- Who stands behind persons and teams now: usable contact points, best first. A person whose term ended is nobody.
SELECT NULL::uuid AS team_id, p.id AS person_id, p.external, c.id AS point_id, c.channel, c.rank
FROM persons p
JOIN contact_points c ON (c.organisation_id, c.person_id) = (p.organisation_id, p.id) AND c.retired_at IS NULL
WHERE p.organisation_id = $1 AND p.id = ANY ($2::uuid[]) AND (p.ends_on IS NULL OR p.ends_on >= $4)
UNION ALL
SELECT m.team_id, p.id, p.external, c.id, c.channel, c.rank
FROM team_members m
JOIN persons p ON (p.organisation_id, p.id) = (m.organisation_id, m.person_id)
JOIN contact_points c ON (c.organisation_id, c.person_id) = (p.organisation_id, p.id) AND c.retired_at IS NULL
WHERE m.organisation_id = $1 AND m.team_id = ANY ($3::uuid[]) AND (p.ends_on IS NULL OR p.ends_on >= $4)
ORDER BY team_id, person_id, rank, point_id;

-- name: person
-- A person as the subject of a drill.
SELECT p.organisation_id, p.committee_id, p.id, p.unit_id, p.name, p.language FROM persons p WHERE p.id = $1;

-- name: house
-- A unit, or a whole committee where $2 is null, by its name.
SELECT c.organisation_id, coalesce(u.name, c.name) AS name
FROM committees c
LEFT JOIN units u ON (u.organisation_id, u.committee_id, u.id) = (c.organisation_id, c.id, $2)
WHERE c.id = $1 AND ($2::uuid IS NULL OR u.id IS NOT NULL);

-- name: plans
-- What is settled about time alone for each unit: its own plan before its committee's.
SELECT DISTINCT ON (w.ord) w.ord, s.body
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) WITH ORDINALITY AS w (organisation_id, committee_id, unit_id, ord)
JOIN safety_plans s ON (s.organisation_id, s.committee_id) = (w.organisation_id, w.committee_id)
    AND (s.unit_id IS NULL OR s.unit_id = w.unit_id)
ORDER BY w.ord, (s.unit_id IS NOT NULL) DESC;

-- name: in_use
-- Every chain that a real alarm could take now.
SELECT c.organisation_id, c.committee_id, c.unit_id, c.kind, v.body
FROM chain_choices c
JOIN chains h ON (h.organisation_id, h.id) = (c.organisation_id, c.chain_id)
JOIN chain_versions v ON (v.organisation_id, v.chain_id, v.version) = (h.organisation_id, h.id, h.version)
WHERE c.purpose = 'real'
ORDER BY c.organisation_id, c.id;

-- name: rotas
-- Rotas in their newest version; $1 null: all of them.
SELECT r.organisation_id, r.committee_id, r.id, v.body
FROM rotas r
JOIN rota_versions v ON (v.organisation_id, v.rota_id, v.version) = (r.organisation_id, r.id, r.version)
WHERE $1::uuid[] IS NULL OR r.id = ANY ($1)
ORDER BY r.organisation_id, r.id;

-- name: managers
-- Who manages each unit.
SELECT m.unit_id, array_agg(m.person_id ORDER BY m.person_id) AS persons
FROM unit_managers m
WHERE m.unit_id = ANY ($1::uuid[])
GROUP BY m.unit_id;

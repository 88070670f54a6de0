-- name: choose
-- The chain for each alarm: person's unit and kind before unit, before kind, before the committee's own.
SELECT DISTINCT ON (w.ord) w.ord, v.body
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[]) WITH ORDINALITY
    AS w (organisation_id, committee_id, unit_id, kind, purpose, ord)
JOIN chain_choices c ON (c.organisation_id, c.committee_id, c.purpose) = (w.organisation_id, w.committee_id, w.purpose)
    AND (c.unit_id IS NULL OR c.unit_id = w.unit_id) AND (c.kind IS NULL OR c.kind = w.kind)
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

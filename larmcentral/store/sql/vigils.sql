-- name: lock_running
-- Take the running vigil of each kind and subject, always in the order of ids. Each is looked up by itself, and its kind
-- compared in a way that no index begins with: planned while the table was empty, or without figures, the statement read
-- every supervised device for one session.
SELECT v.* FROM vigils v
WHERE v.id = ANY (ARRAY(
        SELECT r.id FROM unnest($1::uuid[], $2::text[], $3::text[]) AS w (organisation_id, kind, subject)
        CROSS JOIN LATERAL (
            SELECT x.id FROM vigils x
            WHERE x.subject = w.subject AND x.organisation_id = w.organisation_id AND x.kind || '' = w.kind
                AND x.ended_at IS NULL
            LIMIT 1
        ) r))
    AND v.organisation_id = ANY ($1::uuid[]) AND v.ended_at IS NULL
ORDER BY v.id FOR UPDATE OF v;

-- name: lock
-- Take vigils by id, in the order of ids.
SELECT v.* FROM vigils v WHERE v.id = ANY ($1::uuid[]) ORDER BY v.id FOR UPDATE;

-- name: lock_last_ended
-- Take the vigil of a kind and subject that ended last: a phone may tell later what was done while it ran. Of a silent
-- countdown nothing is told, nor that there was one.
SELECT v.* FROM vigils v
WHERE v.subject = $3 AND v.kind = $2 AND v.organisation_id = $1 AND v.ended_at IS NOT NULL
    AND v.core ->> 'silent' IS DISTINCT FROM 'true'
ORDER BY v.ended_at DESC, v.id DESC LIMIT 1 FOR UPDATE;

-- name: lock_due
-- Take running vigils whose time has come and that nobody holds just now, oldest first; $4: that one alone.
SELECT v.* FROM vigils v
WHERE v.ended_at IS NULL AND v.kind = ANY ($1::text[]) AND v.due_at <= $2 AND ($4::uuid IS NULL OR v.id = $4)
ORDER BY v.due_at, v.id LIMIT $3 FOR UPDATE SKIP LOCKED;

-- name: names
-- The names of persons and devices that vigils are about. A statement of its own: most locks find nothing, and joined
-- to them the names cost more to plan than to read.
SELECT w.ord, p.name, p.unit_id, p.language, d.label, d.options
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) WITH ORDINALITY AS w (organisation_id, person_id, device_id, ord)
LEFT JOIN persons p ON (p.organisation_id, p.id) = (w.organisation_id, w.person_id)
LEFT JOIN devices d ON (d.organisation_id, d.id) = (w.organisation_id, w.device_id)
ORDER BY w.ord;

-- name: houses
-- The units or committees that vigils of the house itself are about: $3 is a unit, or the committee; $4 who gives over.
SELECT w.ord, coalesce(u.id, o.unit_id) AS unit_id, coalesce(u.name, k.name) AS name
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[]) WITH ORDINALITY
    AS w (organisation_id, committee_id, house_id, person_id, ord)
JOIN committees k ON (k.organisation_id, k.id) = (w.organisation_id, w.committee_id)
LEFT JOIN units u ON (u.organisation_id, u.id) = (w.organisation_id, w.house_id)
LEFT JOIN persons o ON (o.organisation_id, o.id) = (w.organisation_id, w.person_id)
ORDER BY w.ord;

-- name: next_due
-- When the next vigil of some kinds is due: one look into the index a kind.
SELECT min(n.due_at)
FROM unnest($1::text[]) AS k (kind)
CROSS JOIN LATERAL (
    SELECT v.due_at FROM vigils v
    WHERE v.kind = k.kind AND v.ended_at IS NULL AND v.due_at IS NOT NULL
    ORDER BY v.due_at LIMIT 1
) n;

-- name: overdue
-- Which running vigils' time has come, oldest first.
SELECT v.id FROM vigils v
WHERE v.ended_at IS NULL AND v.kind = ANY ($1::text[]) AND v.due_at <= $2
ORDER BY v.due_at, v.id LIMIT $3;

-- name: put_off
-- A vigil that nothing can be decided about comes due again at $3, and the house hears of it.
WITH later AS (
    UPDATE vigils SET due_at = $3 WHERE id = $1 AND ended_at IS NULL AND due_at <= $2
    RETURNING organisation_id, committee_id
)
INSERT INTO system_alarms (organisation_id, committee_id, id, incident_id, vigil_id, fault, raised_at)
SELECT organisation_id, committee_id, $4, $1, $1, 'engine_overdue', $2 FROM later
ON CONFLICT DO NOTHING;

-- name: begin
-- File new vigils. Another process that began the same one first makes this fail as a whole.
INSERT INTO vigils (organisation_id, committee_id, id, kind, subject, person_id, device_id, protocol, account, purpose,
    covert, technical, core, due_at, ended_at, version, entries)
SELECT organisation_id, committee_id, id, kind, subject, person_id, device_id, protocol, account, purpose,
    covert, technical, core::jsonb, due_at, ended_at, version, entries
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::uuid[], $7::uuid[], $8::text[], $9::text[],
    $10::text[], $11::bool[], $12::bool[], $13::text[], $14::timestamptz[], $15::timestamptz[], $16::int[], $17::int[])
    AS w (organisation_id, committee_id, id, kind, subject, person_id, device_id, protocol, account, purpose,
    covert, technical, core, due_at, ended_at, version, entries);

-- name: update
-- File what a decision made of vigils that we hold.
UPDATE vigils v SET core = w.core::jsonb, due_at = w.due_at, ended_at = w.ended_at, version = w.version,
    entries = w.entries
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::int[], $7::int[])
    AS w (organisation_id, id, core, due_at, ended_at, version, entries)
WHERE (v.organisation_id, v.id) = (w.organisation_id, w.id);

-- name: append_log
-- Lines of vigils' own logs; a line's place is taken once.
INSERT INTO vigil_log (organisation_id, committee_id, vigil_id, seq, at, kind, actor, detail)
SELECT organisation_id, committee_id, vigil_id, seq, at, kind, actor::jsonb, detail::jsonb
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int[], $5::timestamptz[], $6::text[], $7::text[], $8::text[])
    AS w (organisation_id, committee_id, vigil_id, seq, at, kind, actor, detail);

-- name: heard
-- The newest signals of an incident whose devices heard a beacon: the moment, and the pairs of evidence. One that came late
-- tells of its own time, but never of one ahead of ours.
SELECT least(coalesce(g.event_at, g.received_at), g.received_at) AS at, g.evidence
FROM signals g
WHERE g.organisation_id = $1 AND g.incident_id = $2 AND g.evidence @> '[["beacon"]]'
ORDER BY g.received_at DESC, g.id DESC
LIMIT $3;

-- name: known
-- Those of the given beacons that hang in places of some committees. Of two committees that know one, the incident's
-- own ($4) comes last, so that its word stands.
SELECT b.beacon, b.label, b.place_id, pl.name AS place
FROM place_beacons b
JOIN places pl ON pl.organisation_id = b.organisation_id AND pl.id = b.place_id AND pl.removed_at IS NULL
WHERE b.organisation_id = $1 AND b.committee_id = ANY ($2::uuid[]) AND b.beacon = ANY ($3::text[])
ORDER BY b.committee_id = $4, b.committee_id;

-- name: of_place
-- The beacons of a place, as they were entered.
SELECT b.said AS id, b.label
FROM place_beacons b
WHERE b.organisation_id = $1 AND b.place_id = $2
ORDER BY b.ord;

-- name: take_down
-- All of a place's beacons are forgotten.
DELETE FROM place_beacons WHERE organisation_id = $1 AND place_id = $2;

-- name: hang
-- Beacons hang at the place $3 now, in their order; one that hung elsewhere was moved.
INSERT INTO place_beacons (organisation_id, committee_id, place_id, beacon, said, label, ord)
SELECT $1, $2, $3, w.beacon, w.said, w.label, w.ord
FROM unnest($4::text[], $5::text[], $6::text[]) WITH ORDINALITY AS w (beacon, said, label, ord)
ON CONFLICT (organisation_id, committee_id, beacon) DO UPDATE SET place_id = excluded.place_id, said = excluded.said,
    label = excluded.label, ord = excluded.ord;

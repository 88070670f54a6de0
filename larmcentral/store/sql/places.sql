-- name: situations
-- Where each alarm comes from. $1 to $5: organisation, person, device, unit and key of whom or what it is about; $6: now.
-- The newest position counts: of the newest hundred signals of an open incident, silent or not, or of the shift.
SELECT w.ord, coalesce(w.unit_id, pl.unit_id) AS unit_id, pl.id AS place_id,
    coalesce(pl.building_id, pl.id, pr.building_id) AS building_id, pl.name AS place_name,
    coalesce(fix.lat, pl.lat) AS lat, coalesce(fix.lon, pl.lon) AS lon, coalesce(f.risk, 0) AS risk
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[]) WITH ORDINALITY
    AS w (organisation_id, person_id, device_id, unit_id, key, ord)
LEFT JOIN presences pr ON (pr.organisation_id, pr.person_id) = (w.organisation_id, w.person_id)
    AND pr.since <= $6 AND pr.until_at > $6
LEFT JOIN vigils s ON s.subject = 'person:' || w.person_id AND s.kind = 'session'
    AND s.organisation_id = w.organisation_id AND s.ended_at IS NULL
LEFT JOIN devices d ON (d.organisation_id, d.id) = (w.organisation_id, w.device_id)
LEFT JOIN places pl ON pl.organisation_id = w.organisation_id
    AND pl.id = coalesce((s.core ->> 'place_id')::uuid, pr.place_id, d.place_id)
LEFT JOIN place_flags f ON f.place_id = pl.id AND f.organisation_id = pl.organisation_id AND f.lifted_at IS NULL
LEFT JOIN LATERAL (
    SELECT x.lat, x.lon
    FROM (
        SELECT newest.lat, newest.lon, newest.at
        FROM incidents i
        CROSS JOIN LATERAL (
            SELECT g.lat, g.lon, least(coalesce(g.fix_at, g.received_at), g.received_at) AS at
            FROM signals g
            WHERE g.incident_id = i.id AND g.organisation_id = i.organisation_id AND g.lat IS NOT NULL
                AND g.fix_valid IS NOT FALSE
            ORDER BY g.received_at DESC
            LIMIT 100
        ) newest
        WHERE i.organisation_id = w.organisation_id AND i.state <> 'stood_down'
            AND i.subject = ANY (ARRAY[w.key, 'covert/' || w.key])
        UNION ALL
        SELECT pr.lat, pr.lon, pr.fix_at WHERE pr.lat IS NOT NULL
    ) x
    ORDER BY x.at DESC
    LIMIT 1
) fix ON true;

-- name: present
-- Who of a committee is on shift at $8: in a box ($3 south, $4 west, $5 north, $6 east; it may lie across the date line)
-- with a position not older than $9, or in the building $7; all of them where neither is asked for.
SELECT pr.*
FROM presences pr
LEFT JOIN places pl ON (pl.organisation_id, pl.id) = (pr.organisation_id, pr.place_id)
WHERE pr.organisation_id = $1 AND pr.committee_id = $2 AND pr.since <= $8 AND pr.until_at > $8
    AND (($3::float8 IS NULL AND $7::uuid IS NULL)
        OR (pr.fix_at >= $9 AND pr.lat BETWEEN $3 AND $5::float8
            AND CASE WHEN $4::float8 <= $6::float8 THEN pr.lon BETWEEN $4 AND $6 ELSE pr.lon >= $4 OR pr.lon <= $6 END)
        OR $7 IN (pr.building_id, coalesce(pl.building_id, pl.id)))
ORDER BY pr.person_id;

-- name: place
-- A place with the flag that stands and what is remembered of its coverage.
SELECT pl.*, sp.media_type AS plan_type, sp.south, sp.west, sp.north, sp.east, f.risk, f.owner_id, coalesce(o.name, '') AS owner_name, f.ground, f.review_on,
    f.set_at, CASE WHEN c.signal_at IS NULL OR c.signal_at < c.no_signal_at THEN c.no_signal_at END AS no_signal_at
FROM places pl
LEFT JOIN place_plans sp ON (sp.organisation_id, sp.place_id) = (pl.organisation_id, pl.id)
LEFT JOIN place_flags f ON f.place_id = pl.id AND f.organisation_id = pl.organisation_id AND f.lifted_at IS NULL
LEFT JOIN persons o ON (o.organisation_id, o.id) = (f.organisation_id, f.owner_id)
LEFT JOIN place_coverage c ON (c.organisation_id, c.place_id) = (pl.organisation_id, pl.id)
WHERE pl.id = $1 AND pl.removed_at IS NULL;

-- name: report_coverage
-- There was contact at $2 ($3) or there was none; a report that comes late takes nothing back.
INSERT INTO place_coverage AS c (organisation_id, committee_id, place_id, no_signal_at, signal_at)
SELECT pl.organisation_id, pl.committee_id, pl.id, CASE WHEN NOT $3 THEN $2::timestamptz END,
    CASE WHEN $3::bool THEN $2 END
FROM places pl WHERE pl.id = $1
ON CONFLICT (organisation_id, place_id) DO UPDATE SET no_signal_at = greatest(c.no_signal_at, excluded.no_signal_at),
    signal_at = greatest(c.signal_at, excluded.signal_at);

-- name: presence
-- Take a person's presence, one that has run out too.
SELECT * FROM presences WHERE person_id = $1 FOR UPDATE;

-- name: arrive
-- Somebody is on shift, or elsewhere now.
INSERT INTO presences (organisation_id, committee_id, person_id, since, until_at, place_id, building_id, lat, lon,
    fix_at, device_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (organisation_id, person_id) DO UPDATE SET committee_id = excluded.committee_id, since = excluded.since,
    until_at = excluded.until_at, place_id = excluded.place_id, building_id = excluded.building_id, lat = excluded.lat,
    lon = excluded.lon, fix_at = excluded.fix_at, device_id = excluded.device_id;

-- name: depart
-- His shift is over.
DELETE FROM presences WHERE person_id = $1;
